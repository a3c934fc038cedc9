import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../../lib/config.ts';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { openLedger } from '../../../lib/ledger/open-ledger.ts';
import { isObject } from '../../../lib/narrow.ts';
import { startEmbeddedGateway } from '../../../lib/pushgateway/embedded/server.ts';
import { countedRestarts } from '../../../lib/restarts/lost-container.ts';
import { restartsOf } from '../../../lib/restarts/restart.ts';
import { expectedSeries, recordKey } from '../../helpers/expected-series.ts';
import type { ShownRestart, Status } from '../../helpers/kubelet-model.ts';
import { anyScenario, reportedStatuses, type Scenario } from '../../helpers/kubelet-scenario.ts';
import { storedSeries } from '../../helpers/series.ts';

interface Outage {
  readonly scenario: Scenario;
  /** Of each status whether its event was lost. */
  readonly lost: readonly boolean[];
}

const anyOutage: fc.Arbitrary<Outage> = fc.record({
  scenario: anyScenario,
  lost: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
});

test('after an outage of the source, reconcile backfills every restart that the Pods still show, and counts no more as missed than were', async (t) => {
  let jobs = 0;
  let missedInAll = 0;
  let lostInAll = 0;
  const property = fc.asyncProperty(anyOutage, async ({ scenario, lost }) => {
    jobs += 1;
    await using service = await startEmbeddedGateway({
      host: '127.0.0.1',
      port: 0,
      nowMilliseconds: Date.now,
    });
    const job = `outage-${jobs}`;
    const statuses = reportedStatuses(scenario);
    const delivered = statuses.filter((_status, index) => !lost[index % lost.length]);
    const present = new Map(statuses.map((status) => [nameOf(status), status]));
    const config = readConfig({ PUSHGATEWAY_URL: service.url, METRICS: 'all', JOB: job, RETENTION: '0' });
    const ledger = openLedger(config, { nowSeconds: () => 0 });
    for (const { pod } of delivered) if (isObject(pod)) await ledger.recordRestarts(restartsOf(readPod(pod)));
    const reconcile = async () =>
      await ledger.reconcile([pages([...present.values()].map(({ pod }) => pod))], assert.fail);
    const { missed = [] } = await reconcile();
    const shown = [...delivered, ...present.values()].flatMap((status) => status.shown);
    assert.deepEqual(await storedSeries(service.url, job), expectedSeries(shown, job));
    const again = await reconcile();
    assert.deepEqual([again.missing, again.missed], [0, missed], 'doing it again changes nothing');
    await ledger.close();

    const bounds = missedBounds(statuses, shown);
    const counted = new Map(
      missed.map(({ namespace, pod, container, count }) => [`${namespace}/${pod}/${container}`, count]),
    );
    for (const [name, { least, most }] of bounds) {
      const count = counted.get(name) ?? 0;
      assert.ok(
        count >= least && count <= most,
        `${name}: ${count} counted as missed, ${least} to ${most} were`,
      );
      missedInAll += count;
      lostInAll += most;
    }
  });
  await fc.assert(property, { numRuns: 300 });
  t.diagnostic(`${missedInAll} restarts counted as missed, at most ${lostInAll} were`);
  assert.ok(missedInAll > 0 && lostInAll > missedInAll);
});

async function* pages(pods: readonly object[]) {
  yield { count: pods.length, restarted: pods, resourceVersion: '1', isFirst: true };
}

/** How many restarts have no record, by the names of Pod and container: at least, as far as that is known, and at most. */
function missedBounds(statuses: readonly Status[], shown: readonly ShownRestart[]) {
  const recorded = Map.groupBy(new Set(shown.filter(({ ordinal }) => ordinal > 0).map(idOf)), (id) =>
    id.split('/').slice(0, 4).join('/'),
  );
  const histories = new Map<string, { total: number; epoch: number; resets: number; isPresent: boolean }>();
  for (const { pod } of statuses) {
    if (!isObject(pod)) continue;
    const read = readPod(pod);
    const { namespace, name, uid, containers } = read;
    for (const [id, history] of histories) {
      if (id.startsWith(`${namespace}/${name}/`) && !id.includes(`/${uid}/`)) history.isPresent = false;
    }
    const restarts = restartsOf(read);
    for (const status of containers) {
      const container = status.name;
      const restartCount = countedRestarts(read, status);
      const id = `${namespace}/${name}/${uid}/${container}`;
      const history = histories.get(id) ?? { total: 0, epoch: 0, resets: 0, isPresent: true };
      histories.set(id, history);
      const ofContainer = restarts.filter((restart) => restart.container === container);
      const largestOrdinal = Math.max(0, ...ofContainer.map(({ ordinal }) => ordinal));
      if (Math.max(restartCount, largestOrdinal) < history.epoch) {
        history.resets += 1;
        history.epoch = 0;
      }
      const grown = Math.max(restartCount, largestOrdinal, history.epoch) - history.epoch;
      history.epoch += grown;
      history.total += grown;
    }
  }
  const bounds = new Map<string, { least: number; most: number }>();
  for (const [id, { total, resets, isPresent }] of histories) {
    const [namespace, pod, , container] = id.split('/');
    const name = `${namespace}/${pod}/${container}`;
    const bound = bounds.get(name) ?? { least: 0, most: 0 };
    const ordinals = new Set(recorded.get(id)?.map((recordId) => recordId.replace(/_.*/, '')));
    bound.most += resets === 0 ? total - ordinals.size : total;
    if (isPresent && resets === 0) bound.least += total - ordinals.size;
    bounds.set(name, bound);
  }
  return bounds;
}

function idOf(restart: ShownRestart): string {
  const { namespace, pod, container, uid, restart_id } = recordKey(restart, '');
  return [namespace, pod, uid, container, restart_id].join('/');
}

function nameOf({ pod }: Status): string {
  const { metadata }: { metadata: { namespace: string; name: string } } = JSON.parse(JSON.stringify(pod));
  return `${metadata.namespace}/${metadata.name}`;
}
