import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createLedgerFunction, type LedgerFunction } from '../../functions/ledger-function.ts';
import { readConfig } from '../../lib/config.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import type { Log } from '../../lib/observability/log.ts';
import { startEmbeddedGateway } from '../../lib/pushgateway/embedded/server.ts';
import { compareRecords } from '../helpers/compare-records.ts';
import { eventually } from '../helpers/eventually.ts';
import { expectedSeries } from '../helpers/expected-series.ts';
import type { Status } from '../helpers/kubelet-model.ts';
import { anyScenario, type Delivery, reportedStatuses, type Scenario } from '../helpers/kubelet-scenario.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { type DeliveredScenario, situations } from '../helpers/scenario-coverage.ts';
import { storedSeries } from '../helpers/series.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

test('the records are exactly the restarts that any delivered status showed: none twice, none wrong, none that was not a restart', (t) => {
  const scenarios: DeliveredScenario[] = [];
  const property = fc.property(anyScenario, (scenario) => {
    const { statuses, ...deliveredScenario } = delivered(scenario);
    scenarios.push(deliveredScenario);
    const { missing, wrong, twice } = compareRecords(statuses);
    assert.deepEqual({ missing, wrong, twice }, { missing: [], wrong: [], twice: [] });
  });
  fc.assert(property, { numRuns: 2000 });
  assertVaried(t, scenarios);
});

test('the embedded gateway stores exactly the restarts that any delivered status showed', async () => {
  await checkScenarios(100, async (check) => {
    const gateway = await startEmbeddedGateway({ host: '127.0.0.1', port: 0, nowMilliseconds: Date.now });
    try {
      await check(gateway.url);
    } finally {
      await gateway.close();
    }
  });
});

test('the real Pushgateway stores exactly the restarts that any delivered status showed', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await checkScenarios(50, (check) => check(gateway.url));
});

/**
 * Checks `numRuns` scenarios, each under a job of its own in the gateway that `within` provides. A failure is not shrunk: a scenario
 * takes a while over HTTP, and what is wrong in the records of one is shrunk by the property above.
 */
async function checkScenarios(
  numRuns: number,
  within: (check: (gatewayUrl: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  let jobs = 0;
  const property = fc.asyncProperty(anyScenario, async (scenario) => {
    jobs += 1;
    await within((gatewayUrl) => checkScenario(scenario, gatewayUrl, `scenario-${jobs}`));
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
}

async function checkScenario(scenario: Scenario, gatewayUrl: string, job: string): Promise<void> {
  await deliver(scenario, reportedStatuses(scenario), gatewayUrl, job);
  // Without its consistency check a Pushgateway answers when a push is queued.
  await eventually(async () =>
    assert.deepEqual(await storedSeries(gatewayUrl, job), expectedSeries(delivered(scenario).shown, job)),
  );
}

/** The statuses of a scenario in the order of their deliveries, and what they showed. */
function delivered(scenario: Scenario): DeliveredScenario & { readonly statuses: readonly Status[] } {
  const all = reportedStatuses(scenario);
  const order = all.length === 0 ? [] : scenario.deliveries.map(({ status }) => status % all.length);
  const statuses = order.flatMap((place) => all[place] ?? []);
  const shown = statuses.flatMap((status) => status.shown);
  return { scenario, shown, happened: all.flatMap((status) => status.shown), order, statuses };
}

/** Sends the scenario's deliveries to its replicas, some of which are replaced in the middle. */
async function deliver(
  scenario: Scenario,
  statuses: readonly Status[],
  gatewayUrl: string,
  job: string,
): Promise<void> {
  const config = readConfig({
    PUSHGATEWAY_URL: gatewayUrl,
    PUSHGATEWAY_CONNECTIONS: '2',
    METRICS: 'all',
    JOB: job,
  });
  const nowSeconds = () => 0;
  // A Pod that was deleted before it had a status.
  if (statuses.length === 0) return;
  const newReplica = () =>
    createLedgerFunction({ ledger: openLedger(config, { nowSeconds }), config, nowSeconds });
  const replicas: LedgerFunction[] = Array.from({ length: scenario.replicas }, newReplica);

  for (let done = 0; done < scenario.deliveries.length; done += scenario.concurrency) {
    const deliveries = scenario.deliveries.slice(done, done + scenario.concurrency);
    const answers = deliveries.map((delivery, index) => {
      const replica = replicas[delivery.replica % replicas.length];
      return replica?.handle({ log: silent }, podEvent(delivery, statuses, `${done + index}`));
    });
    assert.deepEqual(
      await Promise.all(answers),
      deliveries.map(() => undefined),
    );
    for (const { replica, replaced } of deliveries) {
      if (!replaced) continue;
      const [ended] = replicas.splice(replica % replicas.length, 1, newReplica());
      await ended?.shutdown();
    }
  }
  await Promise.all(replicas.map((replica) => replica.shutdown()));
}

/** As the API server source sends it: the event's id and time describe the sending alone. */
function podEvent({ status, change }: Delivery, statuses: readonly Status[], id: string): object {
  return {
    specversion: '1.0',
    id,
    source: 'https://10.96.0.1:443',
    type: `dev.knative.apiserver.resource.${change}`,
    datacontenttype: 'application/json',
    data: Buffer.from(JSON.stringify(statuses[status % statuses.length]?.pod)),
  };
}

/** Each situation must occur often enough, so that the scenarios cannot become trivial unnoticed. */
function assertVaried(t: TestContext, scenarios: readonly DeliveredScenario[]): void {
  const counts = Object.entries(situations).map(
    ([name, holds]) => [name, scenarios.filter(holds).length] as const,
  );
  for (const [name, count] of counts) t.diagnostic(`${count} of ${scenarios.length} scenarios: ${name}`);
  assert.deepEqual(
    counts.filter(([, count]) => count < scenarios.length / 100),
    [],
  );
}
