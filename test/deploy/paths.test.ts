import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { ruleObjectPath, ruleObjectText } from '../../deploy/prometheus/rule-object.ts';
import { settings } from '../../lib/config/settings.ts';
import { runCommand } from '../helpers/command.ts';
import { buildDeployment, overlays } from '../helpers/deployment.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf, podTemplateOf } from '../helpers/manifest.ts';
import { missing } from '../helpers/real-services.ts';
import { listAt, textAt, valueAt } from '../helpers/value-at.ts';

function find(manifests: readonly unknown[], identity: string): unknown {
  const found = manifests.find((manifest) => identityOf(manifest) === identity);
  assert.ok(found, `there is no ${identity}`);
  return found;
}

/** The cluster-wide permissions, as `account: verbs resources`. */
function rights(manifests: readonly unknown[]): readonly string[] {
  return manifests
    .filter((manifest) => textAt(manifest, 'kind') === 'ClusterRoleBinding')
    .flatMap((binding) => {
      const role = find(
        manifests,
        `rbac.authorization.k8s.io/v1 ClusterRole ${textAt(binding, 'roleRef.name')}`,
      );
      const may = listAt(role, 'rules').map(
        (rule) => `${listAt(rule, 'verbs').join(',')} ${listAt(rule, 'resources').join(',')}`,
      );
      return listAt(binding, 'subjects').map((subject) => `${textAt(subject, 'name')}: ${may.join('; ')}`);
    });
}

suite('the Knative path', { skip: missingKustomize() }, () => {
  const manifests = buildDeployment('knative');

  test('permits the source to list and watch Pods, and the function to list them', () => {
    assert.deepEqual(rights(manifests), ['function: get,list pods', 'pod-events: get,list,watch pods']);
  });

  test('sends whole Pods of all namespaces, and pings for both tasks, to the broker', () => {
    const sink = {
      ref: { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'restart-ledger' },
    };
    const ping = { contentType: 'application/json', sink };
    assert.deepEqual(
      manifests
        .filter((manifest) => textAt(manifest, 'apiVersion') === 'sources.knative.dev/v1')
        .map((manifest) => valueAt(manifest, 'spec')),
      [
        {
          mode: 'Resource',
          namespaceSelector: {},
          resources: [{ apiVersion: 'v1', kind: 'Pod' }],
          serviceAccountName: 'pod-events',
          sink,
        },
        { ...ping, schedule: '*/10 * * * *', data: '{"task":"reconcile"}' },
        { ...ping, schedule: '23 * * * *', data: '{"task":"sweep"}' },
      ],
    );
  });

  test('delivers only supported events to the function, with bounded retries and a dead letter sink', () => {
    assert.deepEqual(valueAt(find(manifests, 'eventing.knative.dev/v1 Trigger restart-ledger'), 'spec'), {
      broker: 'restart-ledger',
      filters: [
        {
          any: [
            { exact: { type: 'dev.knative.apiserver.resource.add' } },
            { exact: { type: 'dev.knative.apiserver.resource.update' } },
            { exact: { type: 'dev.knative.apiserver.resource.delete' } },
            { exact: { type: 'dev.knative.apiserver.ref.add' } },
            { exact: { type: 'dev.knative.apiserver.ref.update' } },
            { exact: { type: 'dev.knative.sources.ping' } },
          ],
        },
      ],
      subscriber: { ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'restart-ledger' } },
      delivery: {
        retry: 7,
        backoffPolicy: 'exponential',
        backoffDelay: 'PT0.5S',
        deadLetterSink: { ref: { apiVersion: 'v1', kind: 'Service', name: 'dead-letters' } },
      },
    });
  });

  test('scales the function by concurrency, down to zero', () => {
    const template = valueAt(
      find(manifests, 'serving.knative.dev/v1 Service restart-ledger'),
      'spec.template',
    );
    assert.deepEqual(valueAt(template, 'metadata.annotations'), {
      'autoscaling.knative.dev/metric': 'concurrency',
      'autoscaling.knative.dev/target': '100',
      'autoscaling.knative.dev/min-scale': '0',
      'autoscaling.knative.dev/max-scale': '10',
    });
    const concurrency = Number(valueAt(template, 'spec.containerConcurrency'));
    assert.equal(concurrency, 200);
    // The queue-proxy queues what the function would refuse: too many requests, or too many bytes of them.
    assert.ok(concurrency < Number(settings.maxInFlight.fallback));
    assert.ok(concurrency * 256 * 1024 < Number(settings.maxBytesInFlight.fallback));
  });
});

test('the Kafka path differs from the Knative path in its broker and its retries only', {
  skip: missingKustomize(),
}, () => {
  const kafka = buildDeployment('knative-kafka');
  const knative = buildDeployment('knative').map((manifest) => JSON.stringify(manifest));
  const different = kafka.filter((manifest) => !knative.includes(JSON.stringify(manifest)));
  assert.equal(kafka.length, knative.length);
  assert.deepEqual(different.map(identityOf), [
    'eventing.knative.dev/v1 Broker restart-ledger',
    'eventing.knative.dev/v1 Trigger restart-ledger',
  ]);
  const [broker, trigger] = different;
  assert.deepEqual(valueAt(broker, 'metadata.annotations'), { 'eventing.knative.dev/broker.class': 'Kafka' });
  const ofKnative = find(buildDeployment('knative'), 'eventing.knative.dev/v1 Trigger restart-ledger');
  assert.deepEqual(valueAt(trigger, 'spec'), {
    ...Object(valueAt(ofKnative, 'spec')),
    delivery: { ...Object(valueAt(ofKnative, 'spec.delivery')), retry: 10 },
  });
});

test('the memory of the function holds the bodies in flight several times, and each long-running Pod has a limit', {
  skip: missingKustomize(),
}, () => {
  const bytes = Number(settings.maxBytesInFlight.fallback) / 2 ** 20;
  for (const overlay of overlays) {
    const templates = buildDeployment(overlay)
      .map(podTemplateOf)
      .filter((template) => template !== undefined);
    const served = templates.filter(({ labels }) =>
      /^(function|dead-letters)$/.test(labels['app.kubernetes.io/name'] ?? ''),
    );
    for (const { of, spec } of served) {
      const [, limit = '0'] = /^(\d+)Mi$/.exec(textAt(spec, 'containers.0.resources.limits.memory')) ?? [];
      assert.ok(Number(limit) >= 128 + 4 * bytes, of);
    }
  }
});

suite('the KEDA path', { skip: missingKustomize() }, () => {
  const manifests = buildDeployment('keda');

  test('permits the watch to list and watch Pods, reconcile to list them, and the function nothing', () => {
    assert.deepEqual(rights(manifests), ['reconcile: list pods', 'watch: list,watch pods']);
  });

  test('routes events from the watch through the bridge to the function', () => {
    const container = valueAt(find(manifests, 'apps/v1 Deployment watch'), 'spec.template.spec.containers.0');
    const sink = new URL(listAt(container, 'args').map(String).at(-1) ?? '');
    const bridge = find(manifests, `v1 Service ${sink.hostname}`);
    assert.equal(
      textAt(bridge, 'spec.externalName'),
      'keda-add-ons-http-interceptor-proxy.keda.svc.cluster.local',
    );
    assert.equal(valueAt(bridge, 'spec.ports.0.port'), Number(sink.port));
    const route = find(manifests, 'http.keda.sh/v1beta1 InterceptorRoute function');
    assert.ok(listAt(route, 'spec.rules.0.hosts').includes(sink.hostname));
    assert.deepEqual(valueAt(route, 'spec.target'), { service: 'function', port: 8080 });
  });

  test('leaves the number of replicas to the scaler, down to zero', () => {
    assert.equal(valueAt(find(manifests, 'apps/v1 Deployment function'), 'spec.replicas'), undefined);
    const scaled = valueAt(find(manifests, 'keda.sh/v1alpha1 ScaledObject function'), 'spec');
    assert.deepEqual(
      [
        valueAt(scaled, 'scaleTargetRef.name'),
        valueAt(scaled, 'minReplicaCount'),
        valueAt(scaled, 'triggers.0'),
      ],
      [
        'function',
        0,
        {
          type: 'external-push',
          metadata: {
            scalerAddress: 'keda-add-ons-http-external-scaler.keda:9090',
            interceptorRoute: 'function',
          },
        },
      ],
    );
  });
});

test('VictoriaMetrics replaces the Pushgateway, and needs no sweep', {
  skip: missingKustomize(),
}, () => {
  for (const overlay of ['knative', 'standalone'] as const) {
    const left = buildDeployment(overlay, ['victoria-metrics']).filter((manifest) =>
      /pushgateway|sweep/.test(identityOf(manifest)),
    );
    assert.deepEqual(left, []);
  }
});

suite('the cluster of VictoriaMetrics', { skip: missingKustomize() }, () => {
  const manifests = buildDeployment('standalone', ['victoria-metrics-cluster']);
  const argsOf = (identity: string) =>
    listAt(find(manifests, identity), 'spec.template.spec.containers.0.args').map(String);

  test('replaces the Pushgateway, and needs no sweep', () => {
    const left = manifests.filter((manifest) => /pushgateway|sweep/.test(identityOf(manifest)));
    assert.deepEqual(left, []);
  });

  test('is what pushes go to, at the path of its tenant', () => {
    const settings = manifests.find((manifest) => identityOf(manifest).startsWith('v1 ConfigMap settings-'));
    const url = new URL(textAt(settings, 'data.PUSHGATEWAY_URL'));
    assert.equal(url.pathname, '/insert/0/prometheus/api/v1/import/prometheus');
    assert.equal(
      valueAt(find(manifests, `v1 Service ${url.hostname}`), 'spec.ports.0.port'),
      Number(url.port),
    );
    assert.ok(argsOf('apps/v1 Deployment vminsert').includes(`-httpListenAddr=:${url.port}`));
  });

  test('stores every record twice, and reads it once', () => {
    const storage = find(manifests, 'apps/v1 StatefulSet vmstorage');
    const service = textAt(storage, 'spec.serviceName');
    const ports = (argument: string) =>
      argsOf('apps/v1 StatefulSet vmstorage')
        .find((arg) => arg.startsWith(`-${argument}=`))
        ?.split(':')
        .at(-1);
    for (const [client, address] of [
      ['vminsert', 'vminsertAddr'],
      ['vmselect', 'vmselectAddr'],
    ] as const) {
      const args = argsOf(`apps/v1 Deployment ${client}`);
      assert.ok(args.includes('-replicationFactor=2'));
      // Every replica by its name in the headless Service. https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
      const nodes = Array.from(
        { length: Number(valueAt(storage, 'spec.replicas')) },
        (_, index) => `vmstorage-${index}`,
      );
      assert.equal(nodes.length, 3);
      assert.ok(
        args.includes(
          `-storageNode=${nodes.map((node) => `${node}.${service}:${ports(address)}`).join(',')}`,
        ),
      );
    }
    assert.equal(valueAt(find(manifests, `v1 Service ${service}`), 'spec.clusterIP'), 'None');
    for (const identity of ['apps/v1 StatefulSet vmstorage', 'apps/v1 Deployment vmselect'])
      assert.ok(argsOf(identity).includes('-dedup.minScrapeInterval=1ms'));
  });

  test('lets only one Pod of each part be evicted at a time', () => {
    const budgets = manifests.filter((manifest) => textAt(manifest, 'kind') === 'PodDisruptionBudget');
    assert.deepEqual(
      budgets
        .map((budget) => [textAt(budget, 'metadata.name'), valueAt(budget, 'spec.maxUnavailable')])
        .toSorted(),
      [
        ['vminsert', 1],
        ['vmselect', 1],
        ['vmstorage', 1],
      ],
    );
  });
});

suite('for the Prometheus Operator', { skip: missingKustomize() }, () => {
  const objects = buildDeployment('standalone', ['prometheus/operator']).filter((manifest) =>
    textAt(manifest, 'apiVersion').startsWith('monitoring.coreos.com/'),
  );

  test('the records keep their own labels', () => {
    const monitors = objects.filter((manifest) => textAt(manifest, 'kind').endsWith('Monitor'));
    assert.deepEqual(
      monitors.map((manifest) => [textAt(manifest, 'kind'), valueAt(manifest, 'spec')]),
      [
        [
          'PodMonitor',
          {
            selector: { matchLabels: { 'restart-ledger/serves-metrics': 'true' } },
            podMetricsEndpoints: [{ port: 'http', interval: '30s' }],
          },
        ],
        [
          'ServiceMonitor',
          {
            selector: { matchLabels: { 'app.kubernetes.io/name': 'pushgateway' } },
            endpoints: [{ port: 'http', honorLabels: true, interval: '30s' }],
          },
        ],
      ],
    );
  });

  test('the rules are those of the rule file', () => {
    const [rules] = objects.filter((manifest) => textAt(manifest, 'kind') === 'PrometheusRule');
    const text = readFileSync('deploy/prometheus/rules.yaml', 'utf8');
    assert.deepEqual(valueAt(rules, 'spec'), parse(text));
    assert.equal(readFileSync(ruleObjectPath, 'utf8'), ruleObjectText(text));
  });

  test('kube-prometheus-stack selects all of them, under whatever name it is installed', () => {
    const releases = (manifests: readonly unknown[]) =>
      manifests
        .filter((manifest) => textAt(manifest, 'apiVersion').startsWith('monitoring.coreos.com/'))
        .map((manifest) => textAt(manifest, 'metadata.labels.release'));
    assert.deepEqual(releases(objects), Array(3).fill('kube-prometheus-stack'));
    // As the comment of the component says.
    const comment = readFileSync('deploy/components/prometheus/operator/kustomization.yaml', 'utf8');
    const documented: unknown = parse(
      (comment.match(/^# {3}.*$/gm) ?? []).map((line) => line.slice(4)).join('\n'),
    );
    const patched = buildDeployment('standalone', ['prometheus/operator'], listAt(documented, 'patches'));
    assert.deepEqual(releases(patched), Array(3).fill('my-release'));
  });
});

test("Grafana's sidecar finds the dashboard", { skip: missingKustomize() }, () => {
  const [dashboard] = buildDeployment('standalone', ['grafana']).filter(
    (manifest) => textAt(manifest, 'metadata.labels.grafana_dashboard') === '1',
  );
  assert.equal(identityOf(dashboard), 'v1 ConfigMap grafana-dashboard');
  assert.equal(
    Object(valueAt(dashboard, 'data'))['restart-ledger.json'],
    readFileSync('deploy/components/grafana/restart-ledger.json', 'utf8'),
  );
});

test('Prometheus accepts the scrape configuration of the records', { skip: missing('promtool') }, () => {
  const configuration: unknown = parse(readFileSync('deploy/components/prometheus/scrape.yaml', 'utf8'));
  const [records, own] = listAt(configuration, 'scrape_configs');
  assert.equal(valueAt(records, 'honor_labels'), true);
  // Debian's Prometheus is built without the discovery of Pods.
  assert.deepEqual(Object.keys(Object(own)), [
    'job_name',
    'scrape_interval',
    'kubernetes_sd_configs',
    'relabel_configs',
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'scrape-'));
  try {
    const file = join(folder, 'prometheus.json');
    writeFileSync(file, JSON.stringify({ scrape_configs: [records] }));
    const said = execFileSync('promtool', ['check', 'config', file], { encoding: 'utf8' });
    assert.match(said, /SUCCESS: .* is valid prometheus config file/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every command that a Pod runs is a command of restart-ledger', {
  skip: missingKustomize(),
}, async () => {
  const commands = overlays
    .flatMap((overlay) => buildDeployment(overlay, ['page']))
    .map(podTemplateOf)
    .flatMap((template) => listAt(template?.spec, 'containers'))
    .filter((container) => textAt(container, 'image').startsWith('registry.example/restart-ledger'))
    .map((container) => listAt(container, 'args').map(String));
  const programs = new Set(commands.map(([program = '']) => program));
  assert.deepEqual([...programs].toSorted(), ['dist/functions/main.js', 'dist/lib/cli/main.js']);
  const verbs = new Set(commands.map(([, verb]) => verb).filter((verb) => verb !== undefined));
  assert.deepEqual([...verbs].toSorted(), ['dead-letters', 'page', 'reconcile', 'sweep', 'watch']);
  for (const verb of verbs) {
    const { code, stdout } = await runCommand([verb, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: restart-ledger ${verb} `));
  }
});
