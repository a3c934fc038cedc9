import { readKubernetesObject } from '../../lib/kubernetes/objects/kubernetes-object.ts';
import { exposition } from '../../lib/metrics/exposition.ts';
import { chooseFamilies } from '../../lib/metrics/family-choice.ts';
import { groupingKey } from '../../lib/metrics/grouping-key.ts';
import { groupPath } from '../../lib/pushgateway/group-path.ts';
import { restartsOf } from '../../lib/restarts/restart.ts';
import { watchLines } from '../watch-lines.ts';

/** An HTTP request by POST, ready to send. */
export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** So many Pods as JSON, 5 to 12 KB each: all of them with a restart on them, or none. */
export function pods(count: number, restarted: boolean): readonly string[] {
  const found: string[] = [];
  for (const line of watchLines(Number.POSITIVE_INFINITY)) {
    if (line.includes('"terminated"') !== restarted) continue;
    found.push(JSON.stringify(objectOf(line)));
    if (found.length === count) break;
  }
  return found;
}

/** A Pod with an init container that has completed: its bytes show a termination, and no restart. */
export function withCompletedInit(pod: string): string {
  const containerID = 'containerd://5f0c41d1a7c9';
  const terminated = {
    exitCode: 0,
    reason: 'Completed',
    startedAt: '2026-11-20T10:00:00Z',
    finishedAt: '2026-11-20T10:00:01Z',
    containerID,
  };
  const status = {
    name: 'migrate',
    image: 'registry.example.com/shop/migrate:2.14.0',
    imageID: 'registry.example.com/shop/migrate@sha256:4bcff63911fc',
    containerID,
    restartCount: 0,
    ready: true,
    started: false,
    state: { terminated },
    lastState: {},
  };
  return pod.replace('"containerStatuses":', `"initContainerStatuses":[${JSON.stringify(status)}],$&`);
}

function objectOf(line: string): unknown {
  const event: Readonly<Record<string, unknown>> = JSON.parse(line);
  return event['object'];
}

/** An update of a Pod as Knative's API server source sends it, in binary mode. */
export function podEvent(pod: string): Post {
  return {
    path: '/',
    headers: {
      'ce-specversion': '1.0',
      'ce-id': '3e0a6080-b945-4edc-81fc-a7cf842af876',
      'ce-source': 'https://10.96.0.1:443',
      'ce-type': 'dev.knative.apiserver.resource.update',
      'ce-subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
      'ce-time': '2026-11-20T10:00:03.380275022Z',
      'ce-apiversion': 'v1',
      'ce-kind': 'Pod',
      'ce-name': 'checkout-7d4b9c6f5-x2x9k',
      'ce-namespace': 'shop',
      'kn-namespace': 'default',
      'content-type': 'application/json',
      'accept-encoding': 'gzip',
    },
    body: pod,
  };
}

/** The pushes that the function makes of a Pod. */
export async function pushesOf(pod: string): Promise<readonly Post[]> {
  const read = readKubernetesObject(JSON.parse(pod));
  const families = chooseFamilies('default');
  if (read === undefined || families === undefined) throw new TypeError('the Pod is none');
  return await Promise.all(
    restartsOf(read).map(async (restart) => ({
      path: groupPath(groupingKey(restart, { job: 'pod_monitor', groupingLabels: [] })),
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: exposition(restart, families),
    })),
  );
}
