import { LedgerError } from '../errors.ts';
import { gravest } from '../http/problem.ts';
import { exposition } from '../metrics/exposition.ts';
import type { MetricFamily } from '../metrics/families.ts';
import { type GroupingSettings, groupingKey } from '../metrics/grouping-key.ts';
import type { PushMetrics, PushResult } from '../observability/metrics.ts';
import { restartAttributes } from '../observability/span-attributes.ts';
import { inSpan } from '../observability/spans.ts';
import type { Pushgateway } from '../pushgateway/pushgateway.ts';
import { type Restart, restartTime } from '../restarts/restart.ts';

/**
 * The use case that every source of Pods ends in: records restarts.
 *
 * Resolves once the Pushgateway has accepted every one of them. They are pushed independently of each other, some at a time.
 * Idempotent: recording a restart again, later, out of order or from another process gives the same record.
 *
 * @throws LedgerError `gateway-unavailable` or `gateway-refused` when a record was not accepted; the others were
 * pushed anyway.
 */
export type RecordRestarts = (restarts: readonly Restart[]) => Promise<void>;

export interface RecordRestartsDependencies {
  readonly pushgateway: Pick<Pushgateway, 'push'>;
  readonly families: readonly MetricFamily[];
  readonly grouping: GroupingSettings;
  /** `undefined`: nothing is counted. */
  readonly metrics: PushMetrics | undefined;
  /** Unix seconds; decides whether a restart's own time can be that of its samples. */
  readonly nowSeconds: () => number;
}

/** More than a Pod has, but for one that would keep the loop busy for long. */
const mostAtOnce = 64;

export function createRecordRestarts(dependencies: RecordRestartsDependencies): RecordRestarts {
  const { pushgateway, families, grouping, metrics, nowSeconds } = dependencies;

  /** A sample of a time to come would be found only then: the node's clock is ahead. */
  function withOwnTime(restart: Restart): string | undefined {
    const time = restartTime(restart);
    if (time === undefined || time > nowSeconds()) return undefined;
    return exposition(restart, families, { timestampMilliseconds: time * 1000 });
  }

  async function push(restart: Restart): Promise<void> {
    const text = exposition(restart, families);
    const start = performance.now();
    let result: PushResult = 'accepted';
    try {
      await pushgateway.push(groupingKey(restart, grouping), text, () => withOwnTime(restart));
    } catch (error) {
      result = error instanceof LedgerError && error.kind === 'gateway-refused' ? 'refused' : 'unavailable';
      throw error;
    } finally {
      metrics?.pushFinished(result, (performance.now() - start) / 1000);
    }
  }

  function pushInSpan(restart: Restart): Promise<void> {
    return inSpan(
      'push',
      () => restartAttributes(restart),
      () => push(restart),
    );
  }

  async function pushAll(restarts: readonly Restart[]): Promise<void> {
    const failures: unknown[] = [];
    for (let start = 0; start < restarts.length; start += mostAtOnce) {
      const pushes = restarts.slice(start, start + mostAtOnce).map(pushInSpan);
      for (const one of await Promise.allSettled(pushes))
        if (one.status === 'rejected') failures.push(one.reason);
    }
    if (failures.length > 0) throw gravest(failures);
  }

  return (restarts) => {
    // Nearly every update that shows a restart shows one, whose outcome needs no list.
    const [only] = restarts;
    return restarts.length === 1 && only !== undefined ? pushInSpan(only) : pushAll(restarts);
  };
}
