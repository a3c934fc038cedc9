/**
 * Watch lines of Pods as an API server writes them, 6 to 12 KB each, 1 in 20 with a termination: a Pod with its
 * managed fields, one to three containers with their environment, probes and mounts, conditions and statuses.
 * The same for every call: the numbers come from a generator with a fixed seed.
 */
export function* watchLines(bytes: number): Generator<string, void, void> {
  const random = numbers(20_261_123);
  for (let index = 0, written = 0; written < bytes; index += 1) {
    const line = `${JSON.stringify({ type: 'MODIFIED', object: pod(index, index % 20 === 0, random) })}\n`;
    written += line.length;
    yield line;
  }
}

type Random = (below: number) => number;

/** Numbers of a linear congruential generator, from 0 to below the number that is asked for. */
function numbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => random(16).toString(16)).join('');
}

const start = Date.UTC(2026, 9, 1) / 1000;

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function pod(index: number, restarted: boolean, random: Random): object {
  const app = ['checkout', 'orders', 'catalogue', 'reports', 'search', 'payments'][random(6)] ?? '';
  const set = `${app}-${hex(9, random)}`;
  const name = `${set}-${hex(5, random)}`;
  const containers = Array.from({ length: 1 + random(3) }, (_, each) =>
    each === 0 ? app : `sidecar-${each}`,
  );
  const created = time(start + index * 7);
  const labels = {
    app: app,
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/instance': `${app}-prod`,
    'app.kubernetes.io/version': `2.${random(40)}.0`,
    'pod-template-hash': set.slice(-9),
  };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      generateName: `${set}-`,
      namespace: `team-${random(30)}`,
      uid: `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`,
      resourceVersion: String(1_000_000 + index * 13),
      creationTimestamp: created,
      labels,
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '8080',
        checksum: hex(64, random),
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set, uid: hex(32, random), controller: true },
      ],
      managedFields: managedFields(containers, Object.keys(labels), created),
    },
    spec: {
      volumes: [
        { name: 'config', configMap: { name: `${app}-config`, defaultMode: 420 } },
        {
          name: 'kube-api-access',
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: containers.map((container) => containerSpec(container, random)),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: app,
      nodeName: `worker-${random(200)}`,
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    },
    status: {
      phase: 'Running',
      conditions: [
        'PodReadyToStartContainers',
        'Initialized',
        'Ready',
        'ContainersReady',
        'PodScheduled',
      ].map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: created })),
      hostIP: `10.0.${random(256)}.${random(256)}`,
      podIP: `10.244.${random(256)}.${random(256)}`,
      startTime: created,
      containerStatuses: containers.map((container, each) =>
        containerStatus(container, start + index * 7, restarted && each === 0, random),
      ),
      qosClass: 'Burstable',
    },
  };
}

function managedFields(
  containers: readonly string[],
  labels: readonly string[],
  at: string,
): readonly object[] {
  const fields = Object.fromEntries(labels.map((label) => [`f:${label}`, {}]));
  const ofContainer = {
    '.': {},
    'f:env': { '.': {}, 'k:{"name":"LOG_LEVEL"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    'f:image': {},
    'f:imagePullPolicy': {},
    'f:livenessProbe': {
      '.': {},
      'f:failureThreshold': {},
      'f:httpGet': { '.': {}, 'f:path': {}, 'f:port': {} },
    },
    'f:name': {},
    'f:ports': { '.': {}, 'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
    'f:readinessProbe': {
      '.': {},
      'f:failureThreshold': {},
      'f:httpGet': { '.': {}, 'f:path': {}, 'f:port': {} },
    },
    'f:resources': {
      '.': {},
      'f:limits': { '.': {}, 'f:memory': {} },
      'f:requests': { '.': {}, 'f:cpu': {} },
    },
    'f:volumeMounts': { '.': {}, 'k:{"mountPath":"/etc/app"}': { '.': {}, 'f:mountPath': {}, 'f:name': {} } },
  };
  const ofSpec = Object.fromEntries(containers.map((name) => [`k:{"name":"${name}"}`, ofContainer]));
  const status = {
    'f:conditions': {},
    'f:containerStatuses': {},
    'f:hostIP': {},
    'f:phase': {},
    'f:podIP': {},
  };
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time: at,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:metadata': { 'f:labels': fields }, 'f:spec': { 'f:containers': ofSpec } },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time: at,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': status },
      subresource: 'status',
    },
  ];
}

function containerSpec(name: string, random: Random): object {
  const probe = {
    httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
    periodSeconds: 10,
    failureThreshold: 3,
  };
  return {
    name,
    image: `registry.example.com/${name}:2.${random(40)}.0`,
    args: ['--listen=:8080', '--config=/etc/app/config.yaml', `--shard=${random(16)}`],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 12 }, (_, each) => ({
      name: `SETTING_${each}`,
      ...(each % 3 === 0
        ? { valueFrom: { secretKeyRef: { name: `${name}-secret`, key: `key-${each}` } } }
        : { value: `value-${hex(12, random)}` }),
    })),
    resources: { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    volumeMounts: [
      { name: 'config', readOnly: true, mountPath: '/etc/app' },
      { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: probe,
    readinessProbe: probe,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, allowPrivilegeEscalation: false },
  };
}

function containerStatus(name: string, seconds: number, restarted: boolean, random: Random): object {
  const image = `registry.example.com/${name}`;
  const ended = {
    exitCode: 137,
    reason: 'OOMKilled',
    startedAt: time(seconds - 3600),
    finishedAt: time(seconds),
    containerID: `containerd://${hex(64, random)}`,
  };
  return {
    name,
    state: { running: { startedAt: time(seconds + 1) } },
    lastState: restarted ? { terminated: ended } : {},
    ready: true,
    restartCount: restarted ? 1 + random(9) : 0,
    image: `${image}:2.${random(40)}.0`,
    imageID: `${image}@sha256:${hex(64, random)}`,
    containerID: `containerd://${hex(64, random)}`,
    started: true,
  };
}
