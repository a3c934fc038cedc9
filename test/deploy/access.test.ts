import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { acknowledged } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { everywhere, serverOf } from '../helpers/cluster.ts';
import { runCommand } from '../helpers/command.ts';
import { buildDeployment, type Overlay } from '../helpers/deployment.ts';
import { eventually } from '../helpers/eventually.ts';
import { followRealPods } from '../helpers/follow-real-pods.ts';
import { startFunction } from '../helpers/function-process.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf } from '../helpers/manifest.ts';
import { allowedVerbs, type Verb } from '../helpers/real-access.ts';
import { missingApiServer, type RealApiServer, startRealApiServer } from '../helpers/real-api-server.ts';
import { createObjects } from '../helpers/real-objects.ts';
import { createPod, showRestart } from '../helpers/real-pods.ts';
import { missing, type RealService, startPushgateway } from '../helpers/real-services.ts';
import { send } from '../helpers/send.ts';
import { storedRecords } from '../helpers/stored-records.ts';
import { textAt } from '../helpers/value-at.ts';

const skip = missingApiServer() || missingKustomize() || missing('prometheus-pushgateway');

/** Of the service accounts, their roles and bindings. */
const access = /^(v1 Namespace|v1 ServiceAccount|rbac\.authorization\.k8s\.io\/v1 \w+) /;

suite('the service accounts of deploy/ on a real API server', { skip }, () => {
  let server: RealApiServer;
  let gateway: RealService;
  let restarts = 0;

  before(async () => {
    [server, gateway] = await Promise.all([startRealApiServer(), startPushgateway()]);
    const objects = (['standalone', 'knative'] as const)
      .flatMap((overlay: Overlay) => buildDeployment(overlay))
      .filter((manifest) => access.test(identityOf(manifest)));
    const unique = new Map(objects.map((manifest) => [identityOf(manifest), manifest]));
    await createObjects(server, [...unique.values()]);
    await server.createNamespace('shop');
    await createPod(server, 'shop', 'web');
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  async function kubeconfigOf(account: string): Promise<string> {
    return server.kubeconfig({ token: await server.tokenOf('restart-ledger', account) });
  }

  /** Makes the Pod show one more restart, and returns its ordinal. */
  async function restart(): Promise<number> {
    restarts += 1;
    await showRestart(server, 'shop', 'web', restarts);
    return restarts;
  }

  async function records(ordinal: number): Promise<readonly string[]> {
    const stored = await storedRecords(gateway.url);
    return stored.filter((line) => line.includes(`restart_id="${ordinal}_`));
  }

  /** Removes the verb from the role of an account while `work` runs. */
  async function without(account: string, verb: Verb, work: () => Promise<void>): Promise<void> {
    const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/restart-ledger-${account}`;
    const verbs = await allowedVerbs(server, account);
    const put = async (granted: readonly Verb[]) => {
      const role = await server.must('GET', path);
      const rules = granted.length === 0 ? [] : [{ apiGroups: [''], resources: ['pods'], verbs: granted }];
      await server.must('PUT', path, { ...Object(role), rules });
      await eventually(async () => assert.deepEqual(await allowedVerbs(server, account), granted));
    };
    await put(verbs.filter((each) => each !== verb));
    await work();
    await put(verbs);
  }

  test('have the permissions on Pods that they need, and no others', async () => {
    const allowed: Record<string, readonly Verb[]> = {};
    for (const account of ['watch', 'reconcile', 'function', 'pod-events'])
      allowed[account] = await allowedVerbs(server, account);
    assert.deepEqual(allowed, {
      watch: ['list', 'watch'],
      reconcile: ['list'],
      function: ['get', 'list'],
      // What Knative's controller asks for before it starts the adapter:
      // https://github.com/knative/eventing/blob/main/pkg/reconciler/apiserversource/apiserversource.go
      'pod-events': ['get', 'list', 'watch'],
    });
  });

  test('watch follows the Pods, and needs the verbs list and watch', async () => {
    const client = serverOf(await kubeconfigOf('watch'));
    const ordinal = await restart();
    {
      await using followed = followRealPods(client, everywhere);
      await followed.sees(`web ${ordinal}`);
      await followed.sees(`web ${await restart()}`);
      assert.deepEqual(followed.outages, []);
    }
    await without('watch', 'watch', async () => {
      await using followed = followRealPods(client, everywhere);
      await eventually(() => assert.equal(followed.outages[0]?.kind, 'cluster-forbidden'));
      assert.equal(followed.lists.length, 1);
    });
    await without('watch', 'list', async () => {
      await using followed = followRealPods(client, everywhere, { sleep: async () => {} });
      await assert.rejects(followed.ended, { kind: 'cluster-forbidden' });
    });
  });

  test('reconcile records what the Pods show, and needs the verb list', async () => {
    const environment = {
      KUBECONFIG: await kubeconfigOf('reconcile'),
      PUSHGATEWAY_URL: gateway.url,
      RETENTION: '0',
    };
    const ordinal = await restart();
    const { code, stderr } = await runCommand(['reconcile'], environment);
    assert.equal(code, 0, stderr);
    assert.equal((await records(ordinal)).length, 3);
    await without('reconcile', 'list', async () => {
      const refused = await runCommand(['reconcile'], environment);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /cannot list resource "pods"/);
    });
  });

  test('the function records a reference and reconciles, and needs the verbs get and list', async () => {
    await using ledger = await startFunction({
      KUBECONFIG: await kubeconfigOf('function'),
      PUSHGATEWAY_URL: gateway.url,
    });
    const reference = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
    const refer = () =>
      send(ledger.url, binary(podEvent(reference, { type: 'dev.knative.apiserver.ref.update' })));
    const reconcile = () =>
      send(ledger.url, binary(podEvent({ task: 'reconcile' }, { type: 'dev.knative.sources.ping' })));

    for (const ask of [refer, reconcile]) {
      const ordinal = await restart();
      assert.deepEqual(await ask(), acknowledged);
      assert.equal((await records(ordinal)).length, 3);
    }
    await without('function', 'get', async () => {
      const { status, body } = await refer();
      assert.deepEqual([status, textAt(body, 'type')], [502, 'urn:restart-ledger:problem:cluster-forbidden']);
      assert.deepEqual(await reconcile(), acknowledged);
    });
    await without('function', 'list', async () => {
      const { status, body } = await reconcile();
      assert.deepEqual([status, textAt(body, 'type')], [502, 'urn:restart-ledger:problem:cluster-forbidden']);
      assert.deepEqual(await refer(), acknowledged);
    });
    await server.must('DELETE', '/api/v1/namespaces/shop/pods/web');
    assert.deepEqual(await refer(), acknowledged);
  });
});
