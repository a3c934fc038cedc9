import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAuditedPods } from '../../../bench/recall/scoring/audited-pods.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('shown-');

function patched(at: string, deletionTimestamp?: string): object {
  const ended = (containerID: string) => ({ terminated: { exitCode: 1, finishedAt: at, containerID } });
  return {
    requestReceivedTimestamp: at,
    requestObject: { status: { containerStatuses: [{ lastState: ended('containerd://ff') }] } },
    responseObject: {
      metadata: { uid: 'u1', ...(deletionTimestamp !== undefined && { deletionTimestamp }) },
      status: {
        containerStatuses: [{ state: ended('containerd://aa'), lastState: ended('containerd://bb') }],
        initContainerStatuses: [{ state: { running: {} }, lastState: ended('containerd://cc') }],
      },
    },
  };
}

test('the terminations and the first deletion are read from the responses in the audit log', async () => {
  const lines = [
    patched('2026-11-20T10:00:00Z'),
    patched('2026-11-20T10:00:10.5Z', '2026-11-20T10:00:40Z'),
    patched('2026-11-20T10:00:20Z', '2026-11-20T10:00:40Z'),
    { requestReceivedTimestamp: '2026-11-20T10:00:30Z' },
  ];
  const log = folder.write('audit.log', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  assert.deepEqual(await readAuditedPods(log), {
    ends: new Set(['aa', 'bb', 'cc']),
    deletions: new Map([['u1', Date.parse('2026-11-20T10:00:10.5Z') / 1000]]),
  });
});
