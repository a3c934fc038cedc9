import { globSync, readFileSync } from 'node:fs';
import { podEvent } from '../fixtures/pod-events.ts';
import { containerStatus, crashLoopingPod, podObject, restartedPod, termination } from '../fixtures/pods.ts';

/** Pods that show none, one and several restarts, with all kinds of containers. */
export const pods = [
  podObject(),
  crashLoopingPod(),
  restartedPod(['checkout', 'proxy']),
  podObject({
    metadata: { labels: {}, ownerReferences: [{ kind: 'Node', name: 'worker-2', controller: true }] },
    spec: {
      restartPolicy: 'OnFailure',
      initContainers: [{ name: 'migrate' }, { name: 'mesh', restartPolicy: 'Always' }],
      ephemeralContainers: [{ name: 'debug' }],
      terminationGracePeriodSeconds: 30,
    },
    status: {
      initContainerStatuses: [
        containerStatus({ name: 'migrate', restartCount: 1 }),
        containerStatus({ name: 'mesh', restartCount: 2 }),
      ],
      containerStatuses: [
        containerStatus({
          restartCount: 0,
          lastState: {},
          state: { terminated: termination({ exitCode: 1 }) },
        }),
      ],
      ephemeralContainerStatuses: [containerStatus({ name: 'debug', restartCount: 0, lastState: {} })],
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
    },
  }),
];

export const podSamples = [
  ...pods.map((pod) => JSON.stringify(pod)),
  // The same key for a parser, and other bytes.
  JSON.stringify(pods[1]).replaceAll('"terminated"', '"\\u0074erminat\\u0065d"'),
].map((text) => Buffer.from(text));

const eventAttributes = {
  'ce-specversion': '1.0',
  'ce-id': 'a6a3a450-6513-470e-a69e-0d37f2a74de4',
  'ce-source': 'https://10.96.0.1:443',
  'ce-type': 'dev.knative.apiserver.resource.update',
  'ce-subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
  'ce-time': '2025-11-20T10:00:03.380275022Z',
};

/** An HTTP message: header lines, an empty line, the body. */
function message(headers: Readonly<Record<string, string>>, body: unknown): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return Buffer.from(`${lines.join('')}\n${JSON.stringify(body)}`);
}

/** Messages in binary, structured and batched mode. */
export const messages: readonly Buffer[] = [
  ...pods.map((pod) => message({ ...eventAttributes, 'content-type': 'application/json' }, pod)),
  ...pods.map((pod) => message({ 'content-type': 'application/cloudevents+json' }, podEvent(pod))),
  message(
    { 'content-type': 'application/cloudevents-batch+json' },
    pods.map((pod) => podEvent(pod)),
  ),
  message(
    { 'content-type': 'application/cloudevents+json' },
    {
      ...podEvent(undefined),
      data_base64: Buffer.from(JSON.stringify(pods[1])).toString('base64'),
    },
  ),
  message({ ...eventAttributes, 'ce-type': 'com.example.other', 'content-type': 'text/xml' }, 'a'),
];

/** The examples of the product and what it takes besides, each in a form that replay reads. */
export const files: readonly Buffer[] = [
  ...globSync('examples/*.json').map((path) => readFileSync(path)),
  Buffer.from(pods.map((pod) => `${JSON.stringify(pod)}\n`).join('')),
  Buffer.from(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: pods }, undefined, 2)),
  Buffer.from(pods.map((pod) => JSON.stringify({ type: 'MODIFIED', object: pod })).join('\n')),
  Buffer.from(
    pods
      .map((pod) => ({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', verb: 'patch', responseObject: pod }))
      .map((event) => ({
        ...event,
        stage: 'ResponseComplete',
        objectRef: { resource: 'pods', subresource: 'status' },
      }))
      .map((event) => JSON.stringify(event))
      .join('\n'),
  ),
];

export const expositions: readonly Buffer[] = [
  Buffer.from(
    `# HELP a_total A "counter" with \\\\ and \\n.\n# TYPE a_total counter\na_total{job="x",path="C:\\\\DIR\\n\\"q\\""} 1.5e-7\n` +
      '# TYPE b histogram\nb_bucket{le="0.5"} 1\nb_bucket{le="+Inf"} 2\nb_sum 1.5\nb_count 2\n# TYPE c gauge\nc NaN\nc{a="b"} -Inf\n',
  ),
  Buffer.from(
    '# TYPE pod_monitor_container_restart_events gauge\n' +
      'pod_monitor_container_restart_events{container="app",exit_code="137",instance="",job="pod_monitor",namespace="shop",pod="cart-0",' +
      'reason="OOMKilled",restart_count="1",restart_id="1_1763632802",uid="8717cf78-7525-485f-a643-7586282e1af1"} 1.763632802e+09\n' +
      '# TYPE push_time_seconds gauge\n' +
      'push_time_seconds{container="app",instance="",job="pod_monitor",namespace="shop",pod="cart-0",restart_id="1_1763632802",' +
      'uid="8717cf78-7525-485f-a643-7586282e1af1"} 1.763632810e+09\n',
  ),
];
