import { LedgerError } from '../errors.ts';
import { gravest } from '../http/problem.ts';
import { exposition } from '../metrics/exposition.ts';
import type { MetricFamily } from '../metrics/families.ts';
import { type GroupingSettings, groupingKey } from '../metrics/grouping-key.ts';
import type { FunctionMetrics, PushResult } from '../observability/function-metrics.ts';
import { inSpan } from '../observability/spans.ts';
import type { Pushgateway } from '../pushgateway/pushgateway.ts';
import { type Restart, restartId } from '../restarts/restart.ts';

/**
 * The use case that everything ends in, whatever brought the Pod: its restarts, recorded.
 *
 * Resolves once the gateway has accepted every one of them. All are pushed at once and none waits for, or is given
 * up because of, another. Nothing is remembered: recording a restart again, late, out of order or from another
 * process leaves the same record behind.
 *
 * @throws LedgerError `gateway-unavailable` or `gateway-refused` when a record was not accepted; the others were
 * tried all the same.
 */
export type RecordRestarts = (restarts: readonly Restart[]) => Promise<void>;

export interface RecordRestartsDependencies {
  readonly gateway: Pick<Pushgateway, 'push'>;
  readonly families: readonly MetricFamily[];
  readonly grouping: GroupingSettings;
  readonly metrics: Pick<FunctionMetrics, 'pushFinished' | 'restartsRecorded'>;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
}

export function createRecordRestarts(dependencies: RecordRestartsDependencies): RecordRestarts {
  const { gateway, families, grouping, metrics, now } = dependencies;

  async function push(restart: Restart): Promise<void> {
    const text = await exposition(restart, families);
    const start = now();
    let result: PushResult = 'accepted';
    try {
      await gateway.push(groupingKey(restart, grouping), text);
      metrics.restartsRecorded(1);
    } catch (error) {
      result = error instanceof LedgerError && error.kind === 'gateway-refused' ? 'refused' : 'unavailable';
      throw error;
    } finally {
      metrics.pushFinished(result, now() - start);
    }
  }

  return async (restarts) => {
    const pushes = restarts.map(async (restart) =>
      inSpan('push', { 'k8s.container.name': restart.container, 'restart.id': restartId(restart) }, () =>
        push(restart),
      ),
    );
    const failures = (await Promise.allSettled(pushes)).filter((settled) => settled.status === 'rejected');
    if (failures.length > 0) throw gravest(failures.map(({ reason }): unknown => reason));
  };
}
