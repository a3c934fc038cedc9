import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everywhere, serverOf } from '../../helpers/cluster.ts';
import { eventually } from '../../helpers/eventually.ts';
import { followRealPods } from '../../helpers/follow-real-pods.ts';
import { grantPods } from '../../helpers/real-access.ts';
import { missingApiServer, startRealApiServer } from '../../helpers/real-api-server.ts';
import { createPod, showRestart } from '../../helpers/real-pods.ts';
import { textAt } from '../../helpers/value-at.ts';

const kills = 10;

test(`a watch resumes after ${kills} kills of the API server, and misses nothing that the cluster still shows`, {
  skip: missingApiServer(),
}, async (context) => {
  await using server = await startRealApiServer();
  await server.createNamespace('shop');
  await createPod(server, 'shop', 'web');
  const token = await grantPods(server, 'shop', 'watch', ['list', 'watch']);
  await using followed = followRealPods(serverOf(server.kubeconfig({ token })), everywhere);
  await eventually(() => assert.equal(followed.lists.length, 1));

  for (let ordinal = 1; ordinal <= kills; ordinal += 1) {
    await server.kill();
    await server.restart();
    // While the watch is disconnected: only a list can show it.
    await eventually(() => showRestart(server, 'shop', 'web', ordinal), { within: 60_000 });
    await followed.sees(`web ${ordinal}`);
  }

  const outages = Map.groupBy(followed.outages, ({ kind }) => kind);
  for (const [kind, failures] of outages) context.diagnostic(`${kind}: ${failures.length} outages`);
  assert.ok(followed.outages.length >= kills);
  assert.ok(followed.lists.length >= kills);
});

test('a token that is revoked while its file has a new one is not an outage', {
  skip: missingApiServer(),
}, async () => {
  await using server = await startRealApiServer();
  await server.createNamespace('shop');
  await createPod(server, 'shop', 'web');
  await grantPods(server, 'shop', 'watch', ['list', 'watch']);
  // A token is good for as long as the object that it is bound to exists, so deleting that revokes it.
  const bound = async (secret: string) => {
    const created = await server.must('POST', '/api/v1/namespaces/shop/secrets', {
      metadata: { name: secret },
    });
    const boundObjectRef = {
      apiVersion: 'v1',
      kind: 'Secret',
      name: secret,
      uid: textAt(created, 'metadata.uid'),
    };
    const path = '/api/v1/namespaces/shop/serviceaccounts/watch/token';
    return textAt(await server.must('POST', path, { spec: { boundObjectRef } }), 'status.token');
  };
  const [first, second] = [await bound('first'), await bound('second')];
  const tokenFile = server.writeFile('token', first);
  await using followed = followRealPods(serverOf(server.kubeconfig({ tokenFile })), everywhere, {
    timeoutSeconds: 1,
  });
  await eventually(() => assert.equal(followed.lists.length, 1));

  server.writeFile('token', second);
  await server.must('DELETE', '/api/v1/namespaces/shop/secrets/first');
  // The API server caches the user of a token for ten seconds.
  await eventually(
    async () => {
      const { status } = await server.ask('GET', '/api/v1/pods', undefined, {
        authorization: `Bearer ${first}`,
      });
      assert.equal(status, 401);
    },
    { within: 60_000 },
  );
  await showRestart(server, 'shop', 'web', 1);
  await followed.sees('web 1');
  assert.deepEqual([followed.lists.length, followed.outages], [1, []]);
});
