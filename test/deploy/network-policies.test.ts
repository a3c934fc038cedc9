import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { buildDeployment, combinations, overlays } from '../helpers/deployment.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf, podTemplateOf } from '../helpers/manifest.ts';
import { isAllowed, type Peer } from '../helpers/network-policy.ts';
import { listAt, textAt, textsAt, valueAt } from '../helpers/value-at.ts';

const ledger = 'restart-ledger';

/** A Pod that the manifests make, by its name. */
function podOf(manifests: readonly unknown[], name: string): Peer {
  const templates = manifests.map(podTemplateOf).filter((template) => template !== undefined);
  const template = templates.find(({ labels }) => labels['app.kubernetes.io/name'] === name);
  assert.ok(template, `there is no Pod ${name}`);
  return { namespace: ledger, labels: template.labels };
}

function podIn(namespace: string, name: string): Peer {
  return { namespace, labels: { 'app.kubernetes.io/name': name } };
}

const adapter: Peer = {
  namespace: ledger,
  labels: {
    'eventing.knative.dev/source': 'apiserver-source-controller',
    'eventing.knative.dev/sourceName': 'pod-events',
  },
};
const apiServer: Peer = {};
const prometheus = podIn('monitoring', 'prometheus');
const grafana = podIn('monitoring', 'grafana');
const interceptor = podIn('keda', 'http-add-on');
const broker = podIn('knative-eventing', 'mt-broker-ingress');

/** Every label that opens something to somebody, on a Pod and on a namespace that a tenant may set labels of. */
const tenants: readonly Peer[] = ['prometheus', 'grafana', 'watch', 'function', 'pushgateway'].map(
  (name) => ({
    namespace: 'tenant',
    namespaceLabels: { name: 'monitoring', 'app.kubernetes.io/name': 'monitoring' },
    labels: {
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/part-of': ledger,
      'restart-ledger/pushes': 'true',
      'restart-ledger/calls-api-server': 'true',
      'restart-ledger/serves-metrics': 'true',
    },
  }),
);

for (const { name, overlay, components } of combinations)
  test(`${name}: a Pod of a tenant reaches nothing, whatever its labels`, {
    skip: missingKustomize(),
  }, () => {
    const manifests = buildDeployment(overlay, components);
    const targets = manifests.map(podTemplateOf).filter((template) => template !== undefined);
    const opened = targets.flatMap((target) =>
      [80, 8008, 8012, 8080, 8112, 8400, 8401, 8428, 8480, 8481, 8482, 9090, 9091].flatMap((port) =>
        tenants
          .filter((from) => isAllowed(manifests, { from, to: { ...target, namespace: ledger }, port }))
          .map((from) => `${from.labels?.['app.kubernetes.io/name']} → ${target.of}:${port}`),
      ),
    );
    assert.deepEqual(opened, []);
    assert.ok(targets.length > 2);
  });

for (const overlay of overlays)
  suite(`network policies of ${overlay}`, { skip: missingKustomize() }, () => {
    const manifests = buildDeployment(overlay);
    const may = (from: Peer, to: Peer, port: number, protocol: 'TCP' | 'UDP' = 'TCP') =>
      isAllowed(manifests, { from, to, port, protocol });
    const all = manifests.map(podTemplateOf).filter((template) => template !== undefined);
    const gateway = podOf(manifests, 'pushgateway');

    test('every Pod resolves names, also where the Pods of the DNS listen on 5353', () => {
      const dns = podIn('openshift-dns', 'dns');
      for (const { labels } of all)
        for (const port of [53, 5353])
          for (const protocol of ['TCP', 'UDP'] as const)
            assert.ok(may({ namespace: ledger, labels }, dns, port, protocol), `${port} ${protocol}`);
    });

    test('what calls the API server reaches it on whatever port it listens; nothing else does', () => {
      const callers = all.filter(({ labels }) => labels['restart-ledger/calls-api-server'] === 'true');
      for (const port of [443, 6443, 8443, 16443]) {
        const reaching = all.filter(({ labels }) => may({ namespace: ledger, labels }, apiServer, port));
        assert.deepEqual(reaching, callers);
        if (overlay.startsWith('knative')) assert.ok(may(adapter, apiServer, port));
      }
      assert.notDeepEqual(callers, []);
    });

    test('Prometheus in the namespace monitoring scrapes the Pushgateway and all that serves metrics', () => {
      assert.ok(may(prometheus, gateway, 9091));
      const serving = all.filter(({ labels }) => labels['restart-ledger/serves-metrics'] === 'true');
      assert.notDeepEqual(serving, []);
      for (const { labels } of serving) assert.ok(may(prometheus, { namespace: ledger, labels }, 8080));
      assert.ok(!may(grafana, gateway, 9091));
      assert.ok(!may(podIn('default', 'prometheus'), gateway, 9091));
    });

    test('what pushes reaches the Pushgateway and Prometheus, and nothing else does', () => {
      const pushing = all.filter(({ labels }) => labels['restart-ledger/pushes'] === 'true');
      const reaching = all.filter(({ labels }) => may({ namespace: ledger, labels }, gateway, 9091));
      assert.deepEqual(reaching, pushing);
      for (const { labels } of pushing) assert.ok(may({ namespace: ledger, labels }, prometheus, 9090));
      assert.ok(pushing.length > 1);
    });
  });

test('on the Knative path events come from Knative alone, and dead letters from its broker', {
  skip: missingKustomize(),
}, () => {
  const manifests = buildDeployment('knative');
  const from = (peer: Peer, name: string, port: number) =>
    isAllowed(manifests, { from: peer, to: podOf(manifests, name), port });
  assert.ok(from(podIn('knative-serving', 'activator'), 'function', 8012));
  assert.ok(from(podIn('kourier-system', '3scale-kourier-gateway'), 'function', 8012));
  assert.ok(from(podIn('knative-eventing', 'mt-broker-filter'), 'dead-letters', 8080));
  assert.ok(!from(podIn('knative-serving', 'activator'), 'dead-letters', 8080));
  assert.ok(!from(podIn('keda', 'http-add-on'), 'function', 8012));
  for (const port of [8080, 8443]) assert.ok(isAllowed(manifests, { from: adapter, to: broker, port }));
});

test('on the KEDA path events go from the watch over the interceptor to the function', {
  skip: missingKustomize(),
}, () => {
  const manifests = buildDeployment('keda');
  const watch = podOf(manifests, 'watch');
  const fn = podOf(manifests, 'function');
  assert.ok(isAllowed(manifests, { from: watch, to: interceptor, port: 8080 }));
  assert.ok(isAllowed(manifests, { from: interceptor, to: fn, port: 8080 }));
  assert.ok(!isAllowed(manifests, { from: watch, to: fn, port: 8080 }));
  assert.ok(!isAllowed(manifests, { from: fn, to: apiServer, port: 443 }));
});

test('with VictoriaMetrics, Grafana in the namespace monitoring queries it, and only what pushes pushes', {
  skip: missingKustomize(),
}, () => {
  const manifests = buildDeployment('standalone', ['victoria-metrics']);
  const to = podOf(manifests, 'victoria-metrics');
  assert.ok(isAllowed(manifests, { from: grafana, to, port: 8428 }));
  assert.ok(isAllowed(manifests, { from: podOf(manifests, 'watch'), to, port: 8428 }));
  assert.ok(!isAllowed(manifests, { from: podIn('default', 'grafana'), to, port: 8428 }));
});

test('in the cluster of VictoriaMetrics, each part reaches the next one and no other', {
  skip: missingKustomize(),
}, () => {
  const manifests = buildDeployment('keda', ['victoria-metrics-cluster', 'page']);
  const names = ['function', 'page', 'vminsert', 'vmselect', 'vmstorage'] as const;
  const ports = [8080, 8400, 8401, 8480, 8481, 8482];
  const open = names.flatMap((name) =>
    names.flatMap((other) =>
      ports
        .filter((port) =>
          isAllowed(manifests, { from: podOf(manifests, name), to: podOf(manifests, other), port }),
        )
        .map((port) => `${name} → ${other}:${port}`),
    ),
  );
  assert.deepEqual(open, [
    'function → vminsert:8480',
    'page → vmselect:8481',
    'vminsert → vmstorage:8400',
    'vmselect → vmstorage:8401',
  ]);
  assert.ok(isAllowed(manifests, { from: grafana, to: podOf(manifests, 'vmselect'), port: 8481 }));
  assert.ok(!isAllowed(manifests, { from: grafana, to: podOf(manifests, 'vminsert'), port: 8480 }));
});

test('what checks tokens fetches the keys of the API server', { skip: missingKustomize() }, () => {
  for (const [overlay, component, name] of [
    ['knative', 'knative-oidc', 'dead-letters'],
    ['knative', 'knative-oidc', 'function'],
    ['keda', 'keda-oidc', 'function'],
  ] as const) {
    const manifests = buildDeployment(overlay, [component]);
    assert.ok(isAllowed(manifests, { from: podOf(manifests, name), to: apiServer, port: 6443 }), name);
  }
});

test('the page queries Prometheus, and nobody in the cluster reaches it', {
  skip: missingKustomize(),
}, () => {
  const manifests = buildDeployment('standalone', ['page']);
  const page = podOf(manifests, 'page');
  assert.ok(isAllowed(manifests, { from: page, to: prometheus, port: 9090 }));
  assert.ok(!isAllowed(manifests, { from: page, to: apiServer, port: 443 }));
  assert.ok(!isAllowed(manifests, { from: page, to: podOf(manifests, 'pushgateway'), port: 9091 }));
  for (const from of [prometheus, grafana, podOf(manifests, 'watch')])
    assert.ok(!isAllowed(manifests, { from, to: page, port: 8080 }));
});

test('the patches in the documentation name other namespaces and the API server everywhere at once', {
  skip: missingKustomize(),
}, () => {
  const [, text = ''] =
    /### Who may reach what[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/operations.md', 'utf8')) ??
    [];
  const patches = listAt(parse(text), 'patches');
  assert.equal(patches.length, 3);
  for (const overlay of ['knative', 'keda'] as const) {
    const manifests = buildDeployment(overlay, [], patches);
    const policies = manifests.filter((manifest) => textAt(manifest, 'kind') === 'NetworkPolicy');
    assert.deepEqual(
      policies
        .filter((policy) => JSON.stringify(valueAt(policy, 'spec')).includes('"monitoring"'))
        .map(identityOf),
      [],
    );
    const gateway = podOf(manifests, 'pushgateway');
    assert.ok(isAllowed(manifests, { from: podIn('observability', 'prometheus'), to: gateway, port: 9091 }));
    assert.ok(
      isAllowed(manifests, {
        from: podOf(manifests, overlay === 'keda' ? 'reconcile' : 'function'),
        to: podIn('observability', 'prometheus'),
        port: 9090,
      }),
    );
    const toApiServer = policies.filter(
      (policy) => textsAt(policy, 'metadata.labels')['restart-ledger/to'] === 'api-server',
    );
    assert.deepEqual(
      toApiServer.map((policy) => listAt(policy, 'spec.egress')),
      toApiServer.map(() => [
        {
          to: [{ ipBlock: { cidr: '192.0.2.10/32' } }],
          ports: [{ protocol: 'TCP', port: 6443 }],
        },
      ]),
    );
    assert.equal(toApiServer.length, overlay === 'keda' ? 1 : 2);
  }
});

test('the model of network policies knows what no policy selects, own namespaces, ports and protocols', () => {
  const policy = (spec: object) => ({ kind: 'NetworkPolicy', metadata: { namespace: 'a' }, spec });
  const pod = (namespace: string, app: string): Peer => ({ namespace, labels: { app } });
  const only = policy({
    podSelector: { matchLabels: { app: 'x' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'y' } } }], ports: [{ port: 80, endPort: 82 }] }],
  });
  const cases: readonly (readonly [Peer, Peer, number, ('TCP' | 'UDP')?])[] = [
    [pod('b', 'z'), pod('a', 'other'), 80],
    [pod('a', 'y'), pod('a', 'x'), 80],
    [pod('a', 'y'), pod('a', 'x'), 82],
    [pod('a', 'y'), pod('a', 'x'), 83],
    [pod('a', 'y'), pod('a', 'x'), 80, 'UDP'],
    [pod('b', 'y'), pod('a', 'x'), 80],
    [pod('a', 'z'), pod('a', 'x'), 80],
    [{}, pod('a', 'x'), 80],
  ];
  assert.deepEqual(
    cases.map(([from, to, port, protocol = 'TCP']) => isAllowed([only], { from, to, port, protocol })),
    [true, true, true, false, false, false, false, false],
  );
});
