import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customResourceValidators, missingSchemas } from '../helpers/custom-resource-schemas.ts';
import { podTemplateOf } from '../helpers/manifest.ts';
import { danglingReferences } from '../helpers/manifest-references.ts';
import { projectRuleFaults, restrictedFaults } from '../helpers/restricted-pod.ts';
import { accountFaults } from '../helpers/service-accounts.ts';

const insecure = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'insecure' },
  spec: {
    selector: { matchLabels: { app: 'another' } },
    template: {
      metadata: { labels: { app: 'insecure' } },
      spec: {
        hostNetwork: true,
        serviceAccountName: 'missing',
        volumes: [{ name: 'node', hostPath: { path: '/' } }],
        containers: [
          {
            name: 'insecure',
            image: 'insecure',
            envFrom: [{ configMapRef: { name: 'nothing' } }],
            ports: [{ containerPort: 80, hostPort: 80 }],
            securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ['SYS_ADMIN'] } },
          },
        ],
      },
    },
  },
};

function templateOf(manifest: unknown) {
  const template = podTemplateOf(manifest);
  assert.ok(template);
  return template;
}

test('the check of the restricted level finds every violation', () => {
  assert.deepEqual(restrictedFaults(templateOf(insecure)), [
    'hostNetwork',
    'volumes.0.hostPath',
    'containers.0.privileged',
    'containers.0.allowPrivilegeEscalation',
    'containers.0.capabilities.drop',
    'containers.0.capabilities.add',
    'containers.0.runAsNonRoot',
    'containers.0.runAsUser',
    'containers.0.seccompProfile',
    'containers.0.hostPort',
  ]);
});

test("the check of the project's own rules finds every violation", () => {
  assert.deepEqual(projectRuleFaults(templateOf(insecure)), [
    'automountServiceAccountToken',
    'enableServiceLinks',
    'containers.0.readOnlyRootFilesystem',
    'containers.0.readinessProbe.httpGet.path',
    'containers.0.livenessProbe.httpGet.path',
    'containers.0.resources.requests.cpu',
    'containers.0.resources.requests.memory',
    'containers.0.resources.limits.memory',
  ]);
});

test('the check of references finds every dangling one', () => {
  const broker = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'gone' };
  assert.deepEqual(
    danglingReferences([
      insecure,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { selector: { app: 'insecure' }, ports: [{ port: 80, targetPort: 'http' }] },
      },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'b' }, spec: { selector: { app: 'none' } } },
      {
        apiVersion: 'sources.knative.dev/v1',
        kind: 'PingSource',
        metadata: { name: 'c' },
        spec: { sink: { ref: broker } },
      },
      {
        apiVersion: 'http.keda.sh/v1beta1',
        kind: 'InterceptorRoute',
        metadata: { name: 'd' },
        spec: { target: { service: 'a', port: 8080 } },
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'e' },
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [{ name: 's' }],
      },
    ]),
    [
      'apps/v1 Deployment insecure → v1 ServiceAccount missing',
      'apps/v1 Deployment insecure → v1 ConfigMap nothing',
      'apps/v1 Deployment insecure → no Pod with {"app":"another"}',
      'v1 Service a → no port http',
      'v1 Service b → no Pod with {"app":"none"}',
      'sources.knative.dev/v1 PingSource c → eventing.knative.dev/v1 Broker gone',
      'http.keda.sh/v1beta1 InterceptorRoute d → no port 8080',
      'rbac.authorization.k8s.io/v1 RoleBinding e → v1 ServiceAccount s',
      'rbac.authorization.k8s.io/v1 RoleBinding e → rbac.authorization.k8s.io/v1 Role r',
    ],
  );
});

test('the check of service accounts finds tokens that are mounted without need, and tokens that are missing', () => {
  const account = (name: string, mounts?: boolean) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name },
    automountServiceAccountToken: mounts,
  });
  const source = {
    apiVersion: 'sources.knative.dev/v1',
    kind: 'ApiServerSource',
    metadata: { name: 'pods' },
    spec: { serviceAccountName: 'adapter' },
  };
  assert.deepEqual(
    accountFaults([
      source,
      account('adapter', false),
      account('idle'),
      account('explicit', true),
      account('closed', false),
    ]),
    [
      'adapter gives no token to the Pod of a controller',
      'idle mounts its token into every Pod',
      'explicit mounts its token into every Pod',
    ],
  );
  assert.deepEqual(accountFaults([source, account('adapter')]), []);
});

test('the schemas of the custom resources reject a misspelt field', { skip: missingSchemas() }, () => {
  const faults = customResourceValidators().get('eventing.knative.dev/v1 Trigger')?.({
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name: 'slip' },
    spec: { broker: 1, subscriber: { ref: { nam: 'x' } }, delivery: { retries: 3 } },
  });
  assert.deepEqual(faults?.toSorted(), [
    '/spec/broker: must be string',
    '/spec/delivery: must NOT have additional properties (retries)',
    '/spec/subscriber/ref: must NOT have additional properties (nam)',
  ]);
});
