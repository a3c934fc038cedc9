import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everywhere, serverOf } from '../../helpers/cluster.ts';
import { eventually } from '../../helpers/eventually.ts';
import { followRealPods } from '../../helpers/follow-real-pods.ts';
import { grantPods } from '../../helpers/real-access.ts';
import { missingApiServer, startRealApiServer } from '../../helpers/real-api-server.ts';
import { createPod, showRestart } from '../../helpers/real-pods.ts';

const kills = 10;

test(`a watch goes on through ${kills} kills of the API server, and loses nothing that the cluster still shows`, {
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
    // While the watch is away: only a list can show it.
    await eventually(() => showRestart(server, 'shop', 'web', ordinal), { within: 60_000 });
    await followed.sees(`web ${ordinal}`);
  }

  const outages = Map.groupBy(followed.outages, ({ kind }) => kind);
  for (const [kind, failures] of outages) context.diagnostic(`${kind}: ${failures.length} outages`);
  assert.ok(followed.outages.length >= kills);
  assert.ok(followed.lists.length >= kills);
});
