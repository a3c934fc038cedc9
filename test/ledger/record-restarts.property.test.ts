import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createLedgerFunction, type LedgerFunction } from '../../functions/ledger-function.ts';
import { readConfig } from '../../lib/config.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import type { Log } from '../../lib/observability/log.ts';
import { startEmbeddedGateway } from '../../lib/pushgateway/embedded/server.ts';
import { compareRecords } from '../helpers/compare-records.ts';
import { expectedSeries } from '../helpers/expected-series.ts';
import type { Status } from '../helpers/kubelet-model.ts';
import { anyStory, type Delivery, play, type Story } from '../helpers/kubelet-story.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { storedSeries } from '../helpers/series.ts';
import { sights, type Telling } from '../helpers/story-sights.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

test('what is on record is exactly what any delivered status showed: none twice, none wrong, none that the kubelet did not mean to restart', (t) => {
  const tellings: Telling[] = [];
  const property = fc.property(anyStory, (story) => {
    const { statuses, ...telling } = delivered(story);
    tellings.push(telling);
    const { missing, wrong, twice } = compareRecords(statuses);
    assert.deepEqual({ missing, wrong, twice }, { missing: [], wrong: [], twice: [] });
  });
  fc.assert(property, { numRuns: 2000 });
  assertVaried(t, tellings);
});

test('what the embedded gateway stores is exactly what any delivered status showed', async () => {
  await tellStories(100, async (tell) => {
    const gateway = await startEmbeddedGateway({ host: '127.0.0.1', port: 0, nowMilliseconds: Date.now });
    try {
      await tell(gateway.url);
    } finally {
      await gateway.close();
    }
  });
});

test('the real Pushgateway stores exactly what any delivered status showed', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await tellStories(50, (tell) => tell(gateway.url));
});

/** Checks so many stories, each under a job of its own in the gateway that `within` brings. */
async function tellStories(
  numRuns: number,
  within: (tell: (gatewayUrl: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  let jobs = 0;
  const property = fc.asyncProperty(anyStory, async (story) => {
    jobs += 1;
    await within((gatewayUrl) => tellStory(story, gatewayUrl, `story-${jobs}`));
  });
  await fc.assert(property, { numRuns });
}

async function tellStory(story: Story, gatewayUrl: string, job: string): Promise<void> {
  await deliver(story, play(story), gatewayUrl, job);
  assert.deepEqual(await storedSeries(gatewayUrl, job), expectedSeries(delivered(story).shown, job));
}

/** The statuses of a story in the order of their deliveries, and what they showed. */
function delivered(story: Story): Telling & { readonly statuses: readonly Status[] } {
  const all = play(story);
  const order = all.length === 0 ? [] : story.deliveries.map(({ status }) => status % all.length);
  const statuses = order.flatMap((place) => all[place] ?? []);
  const shown = statuses.flatMap((status) => status.shown);
  return { story, shown, happened: all.flatMap((status) => status.shown), order, statuses };
}

/** Brings the story's deliveries to its replicas, some of which are replaced in the middle. */
async function deliver(
  story: Story,
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
  const newReplica = () =>
    createLedgerFunction({ ledger: openLedger(config, { nowSeconds }), config, nowSeconds });
  const replicas: LedgerFunction[] = Array.from({ length: story.replicas }, newReplica);

  for (let done = 0; done < story.deliveries.length; done += story.atOnce) {
    const atOnce = story.deliveries.slice(done, done + story.atOnce);
    const answers = atOnce.map((delivery, index) => {
      const replica = replicas[delivery.replica % replicas.length];
      return replica?.handle({ log: silent }, podEvent(delivery, statuses, `${done + index}`));
    });
    assert.deepEqual(
      await Promise.all(answers),
      atOnce.map(() => undefined),
    );
    for (const { replica, replaced } of atOnce) {
      if (!replaced) continue;
      const [ended] = replicas.splice(replica % replicas.length, 1, newReplica());
      await ended?.shutdown();
    }
  }
  await Promise.all(replicas.map((replica) => replica.shutdown()));
}

/** As the API server source sends it: the event's id and time tell of the sending alone. */
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

/** So that the stories cannot become trivial unnoticed: each of the sights must come often enough. */
function assertVaried(t: TestContext, tellings: readonly Telling[]): void {
  const counts = Object.entries(sights).map(
    ([name, holds]) => [name, tellings.filter(holds).length] as const,
  );
  for (const [name, count] of counts) t.diagnostic(`${count} of ${tellings.length} stories: ${name}`);
  assert.deepEqual(
    counts.filter(([, count]) => count < tellings.length / 100),
    [],
  );
}
