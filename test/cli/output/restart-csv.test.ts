import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartCsv } from '../../../lib/cli/output/restart-csv.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

test('the first line names the columns, and unknown is empty', () => {
  assert.deepEqual(restartCsv([knownRestart, lostRestart]), [
    'namespace,pod,uid,container,containerKind,ordinal,reason,exitCode,containerId,node,image,ownerKind,ownerName,workload,workloadType,restartId,startedAt,finishedAt,restartedAt,ranSeconds,downSeconds',
    'shop,checkout-7d4b9c6f5-x2x9k,8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11,checkout,container,5,OOMKilled,137,containerd://0ff6433322c4,worker-2,registry.example.com/shop/checkout:2.14.0,ReplicaSet,checkout-7d4b9c6f5,checkout,deployment,5_1763632802,2025-11-20T09:58:02Z,2025-11-20T10:00:02Z,2025-11-20T10:00:12Z,120,10',
    'shop,checkout-7d4b9c6f5-x2x9k,8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11,checkout,container,1,ContainerStatusUnknown,137,,,,,,,,1_0,,,,,',
  ]);
});

test('commas, quotes and line breaks are kept inside quotes', () => {
  const [head = '', row = ''] = restartCsv([
    { ...lostRestart, reason: 'a,b', image: 'say "x"', node: 'one\r\ntwo' },
  ]);
  const cells = [...row.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,"]*)/g)].map(([, cell]) => cell);
  const column = (name: string) => cells[head.split(',').indexOf(name)];
  assert.deepEqual(
    [column('reason'), column('image'), column('node')],
    ['"a,b"', '"say ""x"""', '"one\r\ntwo"'],
  );
});

test('without restarts only the header is written', () => {
  assert.deepEqual(restartCsv([]), []);
});
