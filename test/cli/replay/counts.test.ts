import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashLoopingPod, podObject } from '../../fixtures/pods.ts';
import { runCommand } from '../../helpers/command.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { storedRecords } from '../../helpers/stored-records.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-counts-');

test('with --strict the first record that is refused is the last one that is read', async () => {
  const path = folder.write('strict.ndjson', '{"kind":"Pod","apiVersion":"v1","x":"terminated"}\n'.repeat(3));
  const { code, stdout } = await runCommand(['replay', '--dry-run', '--strict', path]);
  assert.deepEqual(
    [code, stdout],
    [
      1,
      `stopped early: 1 record read: 0 with a restart (0 restarts), 0 without a restart, 0 of another kind, 1 refused (${path}:1)\n`,
    ],
  );
});

test('with --strict the records before the refused one are still recorded', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  const good = (name: string) => JSON.stringify(crashLoopingPod({ name }));
  const lines = [good('a'), good('b'), '{"terminated":', good('c')];
  const path = folder.write('strict-middle.ndjson', lines.join('\n'));
  const { code, stdout } = await runCommand(['replay', '--strict', path, '--pushgateway', gateway.url], {
    RETENTION: '0',
  });
  assert.deepEqual(
    [code, stdout],
    [
      1,
      `stopped early: 3 records read: 2 recorded (2 restarts), 0 without a restart, 0 of another kind, 1 refused (${path}:3)\n`,
    ],
  );
  assert.equal((await storedRecords(gateway.url)).length, 6);
});

test('each record is counted once: some are not selected by namespace, labels and time', async () => {
  const pods = [
    crashLoopingPod({ name: 'wanted', labels: { app: 'web' } }),
    crashLoopingPod({ name: 'other-label', labels: { app: 'db' } }),
    crashLoopingPod({ name: 'other-namespace', namespace: 'data', labels: { app: 'web' } }),
    podObject({ metadata: { namespace: 'data' } }),
    { apiVersion: 'v1', kind: 'Service' },
  ];
  const path = folder.write('selected.json', JSON.stringify(pods));
  const selected = async (...options: readonly string[]) => {
    const { stdout, stderr } = await runCommand(['replay', '--dry-run', '-o', 'csv', path, ...options]);
    return [
      stdout
        .split('\n')
        .slice(1, -1)
        .map((row) => row.split(',')[1]),
      stderr,
    ];
  };
  const counted = (taken: number, not: number) =>
    `5 records read: ${taken} with a restart (${taken} restart${taken === 1 ? '' : 's'}), 1 without a restart, ${not} not selected, 1 of another kind, 0 refused\n`;
  assert.deepEqual(await selected('-n', 'shop', '-l', 'app=web', '--since', '2025-11-20T10:00:02Z'), [
    ['wanted'],
    counted(1, 2),
  ]);
  assert.deepEqual(await selected('-n', 'data', '-n', 'kube-system'), [['other-namespace'], counted(1, 2)]);
  assert.deepEqual(await selected('--until', '2025-11-20T10:00:01Z'), [[], counted(0, 3)]);
});

test('namespaces are given as for kubectl: a list, repeatedly, and before the files', async () => {
  const pods = ['shop', 'data', 'web'].map((namespace) => crashLoopingPod({ name: namespace, namespace }));
  const path = folder.write('namespaces.json', JSON.stringify(pods));
  const selected = async (...parameters: readonly string[]) => {
    const { code, stdout } = await runCommand(['replay', '--dry-run', '-o', 'csv', ...parameters]);
    const rows = stdout.trimEnd().split('\n').slice(1);
    return [code, rows.map((row) => row.split(',')[0])];
  };
  assert.deepEqual(await selected('-n', 'shop', path), [0, ['shop']]);
  assert.deepEqual(await selected('-n', 'shop,data', path), [0, ['shop', 'data']]);
  assert.deepEqual(await selected('-n', 'shop', '--namespace', 'web', path), [0, ['shop', 'web']]);
  assert.deepEqual(await selected('-n', 'shop, data', '-n', 'web', path), [0, ['shop', 'data', 'web']]);
  assert.deepEqual(await selected('--namespace=web', path), [0, ['web']]);
});
