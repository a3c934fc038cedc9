import { once } from 'node:events';
import { connect } from 'node:net';

/** How a client disconnects: by closing the connection, or by resetting it. */
export type Departure = 'close' | 'reset';

/**
 * Sends the head of a POST and a part of its body, and disconnects once the server has begun to read the body, which
 * it says by `100 Continue`.
 */
async function breakOffRequest(url: string, departure: Departure): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n`;
  socket.write(`${head}Content-Type: application/cloudevents+json\r\n\r\n`);
  await once(socket, 'data');
  socket.write('a part of the body', () =>
    departure === 'close' ? socket.destroy() : socket.resetAndDestroy(),
  );
  await once(socket, 'close');
}

/** Many of them, all at once. */
export async function breakOffRequests(url: string, count: number): Promise<void> {
  const departures = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'close' : 'reset'));
  await Promise.all(departures.map((departure) => breakOffRequest(url, departure)));
}
