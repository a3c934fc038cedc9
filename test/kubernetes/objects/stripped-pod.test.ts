import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { strippedPod } from '../../../lib/kubernetes/objects/stripped-pod.ts';
import { isObject } from '../../../lib/narrow.ts';
import { anyStory, play } from '../../helpers/kubelet-story.ts';

test('a stripped Pod reads as the whole one does', () => {
  let pods = 0;
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { pod } of play(story)) {
        if (!isObject(pod)) continue;
        pods += 1;
        assert.deepEqual(readPod({ ...strippedPod(pod) }), readPod(pod));
      }
    }),
  );
  assert.ok(pods > 100);
});

test('what is broken stays broken, so that whoever reads it says what', () => {
  const broken = {
    metadata: { name: 7, ownerReferences: 'none', labels: {} },
    spec: { initContainers: ['init'], containers: [{ env: [{ name: 'TOKEN', value: 'hunter2' }] }] },
    status: {
      containerStatuses: [null, { name: 'app', lastState: { terminated: 'yes' }, state: 'up' }],
      podIP: '10.0.0.1',
    },
  };
  assert.deepEqual(strippedPod(broken), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 7, ownerReferences: 'none' },
    spec: { initContainers: ['init'] },
    status: { containerStatuses: [null, { name: 'app', lastState: { terminated: 'yes' }, state: 'up' }] },
  });
});
