import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAnswers,
  atPresent,
  overAnHour,
  recordedRestarts,
  sendAll,
  sorted,
} from '../fixtures/documented-queries.ts';
import { eventually } from '../helpers/eventually.ts';
import { startFunction } from '../helpers/function-process.ts';
import { missing, startPrometheus, startPushgateway } from '../helpers/real-services.ts';
import { storedSeries } from '../helpers/series.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const everything = 'last_over_time({__name__=~"pod_monitor_.+"}[1h])';

test('Prometheus answers the documented queries, and answers the same after everything else was killed, restarted and replayed', {
  skip: missing('prometheus') || missing('prometheus-pushgateway'),
}, async () => {
  await using firstGateway = await startPushgateway();
  await using proxy = await startTcpProxy(firstGateway.url);
  await using prometheus = await startPrometheus({ scrapes: proxy.url });
  await using firstFunction = await startFunction({ PUSHGATEWAY_URL: firstGateway.url });
  await sendAll(firstFunction.url);
  await eventually(() => assertAnswers(prometheus.url, atPresent));
  const stored = await storedSeries(firstGateway.url, 'pod_monitor');
  const known = await sorted(prometheus.url, everything);
  assert.equal(known.length, recordedRestarts.length * 3);

  firstFunction.kill('SIGKILL');
  await Promise.all([firstFunction.exited, firstGateway.kill('SIGKILL')]);
  proxy.leadTo(undefined);
  await eventually(async () => {
    assert.deepEqual(await sorted(prometheus.url, '{__name__=~"pod_monitor_.+"}'), []);
  });
  await assertAnswers(prometheus.url, overAnHour);

  await using newGateway = await startPushgateway();
  proxy.leadTo(newGateway.url);
  assert.deepEqual(await storedSeries(newGateway.url, 'pod_monitor'), []);
  await using newFunction = await startFunction({ PUSHGATEWAY_URL: newGateway.url });
  await sendAll(newFunction.url);
  await eventually(() => assertAnswers(prometheus.url, atPresent));
  await assertAnswers(prometheus.url, overAnHour);
  assert.deepEqual(await sorted(prometheus.url, everything), known);
  assert.deepEqual(await sorted(prometheus.url, 'changes({__name__=~"pod_monitor_.+"}[1h]) > 0'), []);
  assert.deepEqual(await storedSeries(newGateway.url, 'pod_monitor'), stored);
});
