import { chooseReader, looksLikeData } from './choose-reader.ts';
import type { RecordBatch } from './raw-record.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The records of a file whose bytes come in chunks, in the order of the file. A batch is valid until the next one
 * is asked for. The first chunk should be large enough to recognise the format by.
 *
 * @param expected Whether the file should contain records. One that need not and does not look like JSON or YAML (a log
 * among the files of a directory) has none; one that should has invalid ones.
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  expected: boolean,
): AsyncGenerator<RecordBatch, void, void> {
  let reader: ReturnType<typeof chooseReader> | undefined;
  for await (const chunk of chunks) {
    if (reader === undefined) {
      const head = chunk.subarray(0, 3).equals(byteOrderMark) ? chunk.subarray(3) : chunk;
      if (!expected && !looksLikeData(head)) return;
      reader = chooseReader(head);
      yield reader.write(head);
    } else {
      yield reader.write(chunk);
    }
  }
  if (reader !== undefined) yield reader.end();
}
