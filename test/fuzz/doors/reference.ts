import { readTasks } from '../../../lib/cloudevents/task.ts';
import { readReference } from '../../../lib/kubernetes/objects/reference.ts';
import { parseJson } from '../../../lib/parse-json.ts';
import { type Door, refusal } from '../door.ts';

/** The data of reference events and of pings. */
export const referenceDoor: Door = {
  name: 'reference, ping',
  share: 3,
  corpus: [
    { apiVersion: 'v1', kind: 'Pod', name: 'checkout-7d4b9c6f5-x2x9k', namespace: 'shop' },
    { task: 'reconcile' },
    { task: 'sweep' },
  ].map((data) => Buffer.from(JSON.stringify(data))),
  take(input) {
    try {
      const data = parseJson(input, 'the data');
      const isPing = input.includes('task');
      if (isPing) readTasks(data);
      else readReference(data);
      return 'accepted';
    } catch (error) {
      return refusal(error, 'invalid-input');
    }
  },
};
