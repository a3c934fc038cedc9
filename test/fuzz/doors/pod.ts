import assert from 'node:assert/strict';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { strippedPod } from '../../../lib/kubernetes/objects/stripped-pod.ts';
import { mayShowTermination } from '../../../lib/kubernetes/prefilter.ts';
import { exposition } from '../../../lib/metrics/exposition.ts';
import { metricFamilies } from '../../../lib/metrics/families.ts';
import { groupingKey } from '../../../lib/metrics/grouping-key.ts';
import { isObject } from '../../../lib/narrow.ts';
import { readGroupRequest } from '../../../lib/pushgateway/embedded/group-request.ts';
import { createGroupStore } from '../../../lib/pushgateway/embedded/group-store.ts';
import { parseExposition } from '../../../lib/pushgateway/embedded/text-format/parse.ts';
import { groupPath } from '../../../lib/pushgateway/group-path.ts';
import { restartsOf } from '../../../lib/restarts/restart.ts';
import { podSamples } from '../corpus.ts';
import { type Door, type Outcome, refusal } from '../door.ts';

const grouping = { job: 'pod_monitor', groupingLabels: [] };

/**
 * A Pod as JSON, up to the group that a gateway stores. Whatever restart a Pod shows, the prefilter lets its bytes pass, its
 * stripped form shows it too, and a gateway accepts its text.
 */
export const podDoor: Door = {
  name: 'Pod',
  share: 30,
  corpus: podSamples,
  take(input) {
    let object: unknown;
    try {
      object = JSON.parse(input.toString('utf8'));
    } catch {
      return 'refused';
    }
    if (!isObject(object)) return 'refused';
    try {
      return recorded(object, input);
    } catch (error) {
      return refusal(error, 'invalid-input');
    }
  },
};

function recorded(object: object, input: Buffer): Outcome {
  const restarts = restartsOf(readPod(object));
  if (restarts.length === 0) return 'accepted';
  assert.ok(mayShowTermination(input), 'the prefilter rejects a Pod that shows a restart');
  assert.deepEqual(restartsOf(readPod(strippedPod(object))), restarts);
  const store = createGroupStore(() => 0);
  for (const restart of restarts) {
    const group = readGroupRequest(
      decodeURIComponent(groupPath(groupingKey(restart, grouping))).slice('/metrics/'.length),
    );
    assert.ok(group !== undefined && 'labels' in group, JSON.stringify(group));
    assert.equal(
      store.push(group.labels, parseExposition(exposition(restart, metricFamilies)), false),
      undefined,
    );
  }
  return 'accepted';
}
