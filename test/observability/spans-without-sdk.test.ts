import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { createLedgerFunction } from '../../functions/ledger-function.ts';
import { readConfig } from '../../lib/config.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { noAttributes } from '../../lib/observability/span-attributes.ts';
import { inSpan } from '../../lib/observability/spans.ts';
import { podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { answering, inSequence, startHttpStub } from '../helpers/http-stub.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('without an SDK events are handled without spans', async () => {
  await using gateway = await startHttpStub(inSequence(answering(200), answering(400)));
  const config = readConfig({ PUSHGATEWAY_URL: gateway.url });
  const nowSeconds = () => 0;
  const ledger = createLedgerFunction({
    ledger: openLedger(config, { nowSeconds }),
    config,
    nowSeconds,
  });
  const event = podEvent(crashLoopingPod(), { traceparent });
  assert.equal(await ledger.handle({ log: silent }, event), undefined);
  assert.equal((await ledger.handle({ log: silent }, event))?.statusCode, 502);
  await ledger.shutdown();
});

test('without an SDK work has no span, returns its result and throws its own error', async () => {
  const recording = () => trace.getActiveSpan()?.isRecording() ?? false;
  assert.equal(await inSpan('work', noAttributes, recording), false);
  const failure = new Error('refused by the test');
  const failing = () => {
    throw failure;
  };
  assert.throws(
    () => inSpan('work', noAttributes, failing),
    (thrown) => thrown === failure,
  );
});
