import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashLoopingPod, restartedPod } from '../fixtures/pods.ts';
import { startApiServer } from '../helpers/api-server.ts';
import { runCommand } from '../helpers/command.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { storedRecords } from '../helpers/stored-records.ts';

const skip = missing('prometheus-pushgateway');

test('reconcile backfills missing records and prints a summary; sweep deletes them and prints one', {
  skip,
}, async () => {
  await using cluster = await startApiServer();
  await using gateway = await startPushgateway();
  cluster.put(crashLoopingPod());
  cluster.put(restartedPod(['cart', 'till'], { name: 'cart-0', uid: 'uid-cart' }));
  cluster.put(restartedPod(['app'], { name: 'broken', uid: '!' }));
  const environment = { KUBECONFIG: cluster.kubeconfig(), PUSHGATEWAY_URL: gateway.url };
  const keeping = { ...environment, RETENTION: '0' };
  const reconciled = (missing: number) => ({
    code: 1,
    stdout: `3 Pods read: 3 restarts shown, ${missing} missing and recorded, 12 unrecoverable, 1 Pod skipped\n`,
    stderr: `\
skipped: reading metadata.uid: "!" is not a UID (at most 64 letters, digits and -); send the object as the Kubernetes API server writes it
missed: shop/checkout-7d4b9c6f5-x2x9k checkout: 4 unrecoverable
missed: shop/cart-0 cart: 4 unrecoverable
missed: shop/cart-0 till: 4 unrecoverable
`,
  });
  assert.deepEqual(await runCommand(['reconcile'], keeping), reconciled(3));
  assert.deepEqual(await runCommand(['reconcile'], keeping), reconciled(0));

  const flags = ['sweep', '--pushgateway', gateway.url];
  assert.deepEqual(await runCommand([...flags, '--dry-run']), {
    code: 0,
    stdout: `\
would delete shop/cart-0 cart #5 2025-11-20T10:00:02Z
would delete shop/checkout-7d4b9c6f5-x2x9k checkout #5 2025-11-20T10:00:02Z
would delete shop/cart-0 till #5 2025-11-20T10:00:02Z
3 records stored: 3 past retention, 0 beyond the newest 100 of a container or 50000 of all, none deleted (--dry-run)
`,
    stderr: '',
  });
  assert.equal((await storedRecords(gateway.url)).length, 9 + 4);
  assert.deepEqual(await runCommand(flags), {
    code: 0,
    stdout:
      '3 records stored: 3 past retention, 0 beyond the newest 100 of a container or 50000 of all, 3 deleted\n',
    stderr: '',
  });
  assert.equal((await storedRecords(gateway.url)).length, 4, 'the audit is of another job, and stays');
  assert.deepEqual(await runCommand(['reconcile'], environment), {
    code: 1,
    stdout: '3 Pods read: 0 restarts shown, 0 missing and recorded, 0 unrecoverable, 1 Pod skipped\n',
    stderr: reconciled(0).stderr.split('\n')[0]?.concat('\n'),
  });
});

for (const command of ['reconcile', 'sweep']) {
  test(`${command} without a Pushgateway is invalid usage`, async () => {
    assert.deepEqual(await runCommand([command]), {
      code: 2,
      stdout: '',
      stderr:
        'restart-ledger: opening the ledger: no Pushgateway is configured; set PUSHGATEWAY_URL to the base URL of a Pushgateway, or give --pushgateway URL to a command\n',
    });
  });
}
