/**
 * The limit: reads the body and parses it, by Node's own HTTP server. In JavaScript, like what is built of the
 * function, so that stripping types does not slow its start.
 */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.statusCode = 204;
    response.end();
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
