import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Server } from '../../lib/config/access-settings.ts';
import { scrapeState } from '../../lib/prometheus/scrape-state.ts';
import { eventually } from '../helpers/eventually.ts';
import { prometheusAt } from '../helpers/prometheus-at.ts';
import { missing, startPrometheus, startPushgateway } from '../helpers/real-services.ts';

const skip = missing('prometheus') || missing('prometheus-pushgateway');

suite('the scrape state of the records of a job', { skip }, () => {
  const services = new AsyncDisposableStack();
  let honouring: Server;
  let renaming: Server;
  let alone: Server;

  before(async () => {
    const gateway = services.use(await startPushgateway());
    await fetch(`${gateway.url}/metrics/job/my%22job`, { method: 'POST', body: 'x 1\n' });
    const prometheus = async (options: Parameters<typeof startPrometheus>[0]) =>
      prometheusAt(services.use(await startPrometheus(options)).url);
    honouring = await prometheus({ scrapes: gateway.url });
    renaming = await prometheus({ scrapes: gateway.url, honorLabels: false });
    alone = await prometheus({});
  });
  after(() => services.disposeAsync());

  async function becomes(state: string, prometheus: Server, job: string): Promise<void> {
    await eventually(async () => assert.equal(await scrapeState(prometheus, job, 5000), state));
  }

  test('honoured: the records, with their own labels', () => becomes('honoured', honouring, 'my"job'));
  test('renamed: the records, with exported_ labels', () => becomes('renamed', renaming, 'my"job'));
  test('empty: a Pushgateway without records of the job', () => becomes('empty', honouring, 'other'));
  test('absent: no Pushgateway', () => becomes('absent', alone, 'my"job'));
});
