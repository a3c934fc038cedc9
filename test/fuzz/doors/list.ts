import { readShownPod } from '../../../lib/ledger/reconcile/shown-pod.ts';
import { readPage } from '../../helpers/read-page.ts';
import { pods } from '../corpus.ts';
import { type Door, refusal } from '../door.ts';

const list = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '48254', continue: 'eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ', remainingItemCount: 3 },
  items: pods,
};

/** A page of a list as the API server answers it, up to the restarts that reconcile looks for. */
export const listDoor: Door = {
  name: 'list of Pods',
  share: 5,
  corpus: [list, { ...list, metadata: { resourceVersion: '48254' }, items: pods.slice(1) }].map((page) =>
    Buffer.from(JSON.stringify(page)),
  ),
  take(input) {
    let restarted: readonly unknown[];
    try {
      ({ restarted } = readPage(input));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TypeError) return 'refused';
      throw error;
    }
    try {
      for (const pod of restarted) readShownPod(pod, () => true);
      return 'accepted';
    } catch (error) {
      return refusal(error, 'invalid-input');
    }
  },
};
