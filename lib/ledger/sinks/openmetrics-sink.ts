import { pipeline } from 'node:stream/promises';
import type { Config } from '../../config.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { openMetrics } from '../../metrics/openmetrics.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';
import { leftOut } from './left-out.ts';
import type { Sink } from './sink.ts';

/** Writes the history with its timestamps into a file for `promtool tsdb create-blocks-from openmetrics`. */
export function createOpenMetricsSink(
  path: string,
  { families, grouping }: Pick<Config, 'families' | 'grouping'>,
  warn: (line: string) => void,
): Sink {
  const observed: Restart[] = [];
  return {
    url: path,
    taken: 'written',
    take: async ({ restarts }) => {
      observed.push(...restarts);
    },
    close: async () => {
      const restarts = distinctRestarts(observed);
      const withoutTime = restarts.filter((restart) => restartTime(restart) === undefined);
      for (const restart of withoutTime) warn(leftOut(restart));
      try {
        await using file = await replaceFile(path);
        await pipeline(openMetrics(restarts, families, grouping), file.stream);
        await file.commit();
      } catch (error) {
        throw notWritten(path, error);
      }
    },
  };
}

function notWritten(path: string, cause: unknown): LedgerError {
  const remedy = 'name a file that can be written';
  const parts = { operation: 'writing', subject: path, fact: reasonOf(cause), remedy };
  return new LedgerError('usage', parts, { cause });
}
