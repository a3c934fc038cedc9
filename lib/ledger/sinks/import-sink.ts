import type { Config } from '../../config.ts';
import { isRetryable } from '../../errors.ts';
import { exposition } from '../../metrics/exposition.ts';
import { groupingKey } from '../../metrics/grouping-key.ts';
import { labelPairs } from '../../metrics/text-format.ts';
import type { SampleImport } from '../../prometheus/sample-import.ts';
import type { StoreRetention } from '../../prometheus/store-retention.ts';
import { identityOf } from '../../restarts/history.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';
import { createBatches } from './batches.ts';
import { leftOut } from './left-out.ts';
import type { Sink } from './sink.ts';

export interface ImportSinkDependencies {
  readonly samples: SampleImport;
  /** Unix seconds; decides what the store would drop, and nothing else. */
  readonly nowSeconds: () => number;
  readonly warn: (line: string) => void;
}

/** VictoriaMetrics drops samples of later times. */
const farthestAhead = 2 * 86_400;

/**
 * Imports the history into a live VictoriaMetrics: the samples that an OpenMetrics file has, each restart at its own time.
 * Closing it says what was left out.
 *
 * @throws LedgerError `usage` when the server is not a VictoriaMetrics. One that is unreachable may be reachable later.
 */
export async function createImportSink(
  { families, grouping }: Pick<Config, 'families' | 'grouping'>,
  { samples, nowSeconds, warn }: ImportSinkDependencies,
): Promise<Sink> {
  const batches = createBatches((text) => samples.send(text));
  const withoutTime = new Map<string, Restart>();
  /** Restarts by the reason why they are left out. */
  const dropped = new Map<string, Set<string>>();

  function samplesOf(restart: Restart, retention: StoreRetention | undefined): string {
    const time = restartTime(restart);
    if (time === undefined) {
      withoutTime.set(identityOf(restart), restart);
      return '';
    }
    withoutTime.delete(identityOf(restart));
    const reason = reasonToDrop(time - nowSeconds(), retention);
    if (reason !== undefined) {
      dropped.set(reason, (dropped.get(reason) ?? new Set()).add(identityOf(restart)));
      return '';
    }
    const groupingLabels = labelPairs(groupingKey(restart, grouping));
    return exposition(restart, families, { groupingLabels, timestampMilliseconds: time * 1000 });
  }

  try {
    await samples.retention();
  } catch (failure) {
    if (!isRetryable(failure)) {
      await samples.close();
      throw failure;
    }
  }
  return {
    url: samples.url,
    taken: 'imported',
    async take({ restarts }) {
      const retention = await samples.retention();
      const text = restarts.map((restart) => samplesOf(restart, retention)).join('');
      if (text !== '') await batches.add(text);
    },
    async close() {
      for (const restart of withoutTime.values()) warn(leftOut(restart));
      for (const [reason, { size }] of dropped) warn(`left out ${size} ${reason}`);
      await samples.close();
    },
  };
}

/** Why VictoriaMetrics would drop a sample, and answer as if it had not; `undefined` where it stores it. */
function reasonToDrop(secondsAhead: number, retention: StoreRetention | undefined): string | undefined {
  if (secondsAhead > farthestAhead) return 'more than 2 days ahead, which VictoriaMetrics drops';
  if (retention === undefined || -secondsAhead <= retention.seconds) return undefined;
  return `older than the -retentionPeriod of this VictoriaMetrics, ${retention.flag}: raise it, and import again`;
}
