import type { Writable } from 'node:stream';

/**
 * Resolves once a stream can be written to without its memory growing: at once, when it has been drained, or when its reader has
 * gone. A pipe is no faster than its reader.
 */
export function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ['drain', 'error', 'close'] as const;
  const done = () => {
    for (const event of events) stream.off(event, done);
    resolve();
  };
  for (const event of events) stream.on(event, done);
  return promise;
}
