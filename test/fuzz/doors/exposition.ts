import { readGroupRequest } from '../../../lib/pushgateway/embedded/group-request.ts';
import { createGroupStore } from '../../../lib/pushgateway/embedded/group-store.ts';
import { parseExposition } from '../../../lib/pushgateway/embedded/text-format/parse.ts';
import { TextFormatError } from '../../../lib/pushgateway/embedded/text-format/parse-error.ts';
import { metricsJson, metricsText } from '../../../lib/pushgateway/embedded/views.ts';
import { readStoredGroups } from '../../../lib/pushgateway/stored-groups.ts';
import { expositions } from '../corpus.ts';
import type { Door } from '../door.ts';

const grouping = { job: 'pod_monitor', groupingLabels: [] };

/** What is pushed to the embedded gateway. What it accepts it shows, and what it shows can be read again. */
export const pushDoor: Door = {
  name: 'push: path, exposition',
  share: 15,
  corpus: expositions.flatMap((text) =>
    ['job/a/namespace/b', 'job@base64/YQ==/pod/c', 'job/pod_monitor/instance/x'].map((path) =>
      Buffer.concat([Buffer.from(`${path}\n`), text]),
    ),
  ),
  take(input) {
    const end = input.indexOf('\n');
    const group = readGroupRequest(input.subarray(0, end).toString('utf8'));
    if (group === undefined || 'fault' in group) return 'refused';
    const store = createGroupStore(() => 0);
    try {
      const fault = store.push(
        group.labels,
        parseExposition(input.subarray(end + 1).toString('utf8')),
        false,
      );
      parseExposition(metricsText(store.groups()));
      JSON.parse(metricsJson(store.groups()));
      return fault === undefined ? 'accepted' : 'refused';
    } catch (error) {
      if (error instanceof TextFormatError) return 'refused';
      throw error;
    }
  },
};

/** What a Pushgateway answers to `GET /metrics`, as reconcile and sweep read it. */
export const storedGroupsDoor: Door = {
  name: 'stored groups',
  share: 15,
  corpus: expositions,
  async take(input) {
    async function* lines() {
      yield input.toString('utf8').split('\n');
    }
    const { records } = await readStoredGroups(lines(), grouping);
    return records.size > 0 ? 'accepted' : 'refused';
  },
};
