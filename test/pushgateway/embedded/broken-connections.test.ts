import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakOffRequests } from '../../helpers/broken-request.ts';
import { startFunction } from '../../helpers/function-process.ts';

test('clients that disconnect in the middle of a body do not end the process of the embedded gateway', async () => {
  await using ledger = await startFunction({ EMBEDDED_GATEWAY_ADDRESS: '127.0.0.1:0' });
  const gateway = String(ledger.logs[0]?.['gateway']);
  await breakOffRequests(`${gateway}metrics/job/broken`, 200);
  const push = await fetch(`${gateway}metrics/job/whole`, { method: 'POST', body: 'a 1\n' });
  assert.equal(push.status, 200);
  const stored = await (await fetch(`${gateway}metrics`)).text();
  assert.match(stored, /^a\{instance="",job="whole"\} 1$/m);
  assert.doesNotMatch(stored, /broken/);
  ledger.kill('SIGTERM');
  const { code, stderr } = await ledger.exited;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});
