import { on } from 'node:events';
import type { ApiBody } from './api-server.ts';

/** The highest number of chunks, of at most 64 KB each, that are received before the connection is paused. */
const chunksAhead = 4;

/**
 * The bytes of an answer as they arrive. Its `data` events are taken, since the iterator of a stream joins the chunks that
 * have arrived, and so copies each byte. A caller that does not read it to its end destroys the answer.
 */
export async function* chunksOf(body: ApiBody): AsyncGenerator<Buffer, void, void> {
  const events = on(body, 'data', { close: ['end', 'close'], highWaterMark: chunksAhead, lowWaterMark: 1 });
  for await (const [chunk] of events) if (Buffer.isBuffer(chunk)) yield chunk;
}
