import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nothing listens on. Another process may take it before the caller does. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
