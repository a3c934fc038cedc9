/**
 * The limit of recording: reads an event's body and parses it, pushes a text that is ready to send by `undici`, and answers
 * when the gateway has accepted it. `PUSHES` is a JSON file with the pushes, each of `path`, `headers` and `body`, which are
 * sent in turn; `CONNECTIONS` is how many at a time.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';

const { PORT, PUSHGATEWAY_URL, PUSHES, CONNECTIONS } = process.env;
const pushes = JSON.parse(readFileSync(PUSHES, 'utf8'));
const pool = new Pool(PUSHGATEWAY_URL, { connections: Number(CONNECTIONS) });
let sent = 0;

async function relay(bytes, response) {
  JSON.parse(bytes.toString());
  const { path, headers, body } = pushes[sent++ % pushes.length];
  const answer = await pool.request({ method: 'POST', path, headers, body });
  await answer.body.dump();
  response.statusCode = answer.statusCode < 300 ? 204 : 502;
  response.end();
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => relay(Buffer.concat(chunks), response));
});
server.listen(Number(PORT), '127.0.0.1');
