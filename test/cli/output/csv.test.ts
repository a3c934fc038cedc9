import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLines } from '../../../lib/cli/output/csv.ts';
import { restartFields } from '../../../lib/cli/output/restart-fields.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

test('the first line names the columns, and unknown is empty', () => {
  assert.deepEqual(
    [...csvLines([knownRestart, lostRestart].map(restartFields))],
    [
      'namespace,pod,uid,container,containerKind,ordinal,reason,exitCode,containerId,node,image,ownerKind,ownerName,workload,workloadType,restartId,startedAt,finishedAt,restartedAt,ranSeconds,downSeconds',
      'shop,checkout-7d4b9c6f5-x2x9k,8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11,checkout,container,5,OOMKilled,137,containerd://0ff6433322c4,worker-2,registry.example.com/shop/checkout:2.14.0,ReplicaSet,checkout-7d4b9c6f5,checkout,deployment,5_1763632802,2025-11-20T09:58:02Z,2025-11-20T10:00:02Z,2025-11-20T10:00:12Z,120,10',
      'shop,checkout-7d4b9c6f5-x2x9k,8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11,checkout,container,1,ContainerStatusUnknown,137,,,,,,,,1_0,,,,,',
    ],
  );
});

/** The cell of a restart in a column, as it is written. */
function cellOf(restart: Restart, column: string): string | undefined {
  const [head = '', row = ''] = csvLines([restartFields(restart)]);
  const cells = [...row.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,"]*)/g)].map(([, cell]) => cell);
  return cells[head.split(',').indexOf(column)];
}

test('commas, quotes and line breaks are kept inside quotes', () => {
  const texts = { reason: 'a,b', image: 'say "x"', node: 'one\r\ntwo' };
  assert.deepEqual(
    ['reason', 'image', 'node'].map((column) => cellOf({ ...lostRestart, ...texts }, column)),
    ['"a,b"', '"say ""x"""', '"one\r\ntwo"'],
  );
});

test('a text that a spreadsheet would take for a formula begins with an apostrophe', () => {
  const cells = {
    '=1+2': "'=1+2",
    '+1': "'+1",
    '-1': "'-1",
    '@SUM(A1)': "'@SUM(A1)",
    '\t=1': "'\t=1",
    '\r=1': '"\'\r=1"',
    '\n=1': '"\'\n=1"',
    '=HYPERLINK("http://x","y")': '"\'=HYPERLINK(""http://x"",""y"")"',
    'a=1-2+3@4': 'a=1-2+3@4',
  };
  assert.deepEqual(
    Object.keys(cells).map((reason) => cellOf({ ...knownRestart, reason }, 'reason')),
    Object.values(cells),
  );
});

test('a negative number stays a number', () => {
  const earlier = { ...knownRestart, exitCode: -1, restartedAt: 1_763_632_800 };
  assert.deepEqual(
    ['exitCode', 'downSeconds'].map((column) => cellOf(earlier, column)),
    ['-1', '-2'],
  );
});

test('without records nothing is written', () => {
  assert.deepEqual([...csvLines([])], []);
});
