import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShown } from '../../../bench/recall/account/shown.ts';
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

test('the ends and the first deletion stand in what the API server has answered', async () => {
  const lines = [
    patched('2026-11-20T10:00:00Z'),
    patched('2026-11-20T10:00:10.5Z', '2026-11-20T10:00:40Z'),
    patched('2026-11-20T10:00:20Z', '2026-11-20T10:00:40Z'),
    { requestReceivedTimestamp: '2026-11-20T10:00:30Z' },
  ];
  const log = folder.write('audit.log', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  assert.deepEqual(await readShown(log), {
    ends: new Set(['aa', 'bb', 'cc']),
    deletions: new Map([['u1', Date.parse('2026-11-20T10:00:10.5Z') / 1000]]),
  });
});
