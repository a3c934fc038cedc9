import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerError } from '../../../lib/errors.ts';
import { unusable } from '../../../lib/kubernetes/api/api-failure.ts';
import type { ApiServer } from '../../../lib/kubernetes/api/api-server.ts';
import { followPods } from '../../../lib/kubernetes/api/follow-pods.ts';
import { type JsonObject, podObject, restartedPod } from '../../fixtures/pods.ts';
import { type ApiServerDouble, startApiServer, status } from '../../helpers/api-server.ts';
import { clientOf, countedPauses } from '../../helpers/cluster.ts';
import { eventually } from '../../helpers/eventually.ts';

/** A Pod that shows a restart with this ordinal. */
function restarted(name: string, restartCount: number): JsonObject {
  const pod = restartedPod(['app'], { name, uid: `uid-${name}` });
  const text = JSON.stringify(pod).replaceAll('"restartCount":5', `"restartCount":${restartCount}`);
  const changed: JsonObject = JSON.parse(text);
  return changed;
}

function podWithRestartCount(pod: unknown): string {
  const {
    metadata,
    status,
  }: {
    metadata: { name: string };
    status: { containerStatuses: { restartCount: number }[] };
  } = JSON.parse(JSON.stringify(pod));
  return `${metadata.name} ${status.containerStatuses[0]?.restartCount}`;
}

/** Follows a double until it is disposed of; the observed Pods grow. */
function follow(server: ApiServerDouble, idleTimeoutMilliseconds = 60_000, client = clientOf(server)) {
  const observed: string[] = [];
  const outages: string[] = [];
  const ending = new AbortController();
  const { pauses, sleep } = countedPauses();
  const relistRequests = new Set<'once'>();
  let lists = 0;
  const ended = (async () => {
    const pods = followPods(
      client,
      { namespace: undefined, selector: '' },
      {
        signal: ending.signal,
        sleep,
        random: () => 1,
        idleTimeoutMilliseconds,
        needsRelist: () => relistRequests.delete('once'),
        onListed: () => {
          lists += 1;
        },
        onOutage: (failure: LedgerError) => outages.push(failure.parts.fact),
      },
    );
    for await (const pod of pods) observed.push(podWithRestartCount(pod));
  })();
  return {
    observed,
    outages,
    pauses,
    ended,
    requestRelist: () => relistRequests.add('once'),
    get lists() {
      return lists;
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await ended;
    },
  };
}

async function watching(server: ApiServerDouble, watches = 1): Promise<void> {
  await eventually(() => assert.equal(server.watches, watches));
}

async function seen(follower: { readonly observed: readonly string[] }, observed: readonly string[]) {
  await eventually(() => assert.deepEqual(follower.observed, observed));
}

test('the existing Pods come first, and then each changed Pod that may show a restart', async () => {
  await using server = await startApiServer();
  server.put(podObject({ metadata: { name: 'never-restarted', uid: 'uid-never-restarted' } }));
  server.put(restarted('web', 1));
  await using follower = follow(server);
  await watching(server);
  server.put(podObject({ metadata: { name: 'fresh', uid: 'uid-fresh' } }));
  server.put(restarted('web', 2));
  server.remove(restarted('web', 3));
  await seen(follower, ['web 1', 'web 2', 'web 3']);
  assert.deepEqual([follower.lists, follower.outages], [1, []]);
});

test('a watch that the server ends resumes from the last resource version, bookmarks included', async () => {
  await using server = await startApiServer();
  await using follower = follow(server);
  await watching(server);
  server.put(restarted('web', 1));
  server.bookmark();
  server.put(podObject());
  await seen(follower, ['web 1']);
  server.endWatches();
  await eventually(() => assert.equal(server.requests.length, 3));
  await watching(server);
  server.put(restarted('web', 2));
  await seen(follower, ['web 1', 'web 2']);
  assert.deepEqual(
    server.requests.map((request) => new URL(request, 'http://api').searchParams.get('resourceVersion')),
    [null, '1000', '1002'],
  );
  assert.deepEqual([follower.lists, follower.outages], [1, []]);
});

test('a change between the list and the watch is not missed', async () => {
  await using server = await startApiServer();
  let isFirst = true;
  server.intercept((url) => {
    if (url.searchParams.has('watch') && isFirst) {
      isFirst = false;
      server.put(restarted('web', 1));
    }
    return false;
  });
  await using follower = follow(server);
  await seen(follower, ['web 1']);
});

test('a relist that the consumer requests happens once, with the next bookmark, and then the watch continues', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  await using follower = follow(server);
  await watching(server);
  follower.requestRelist();
  server.bookmark();
  await seen(follower, ['web 1', 'web 1']);
  await eventually(() => assert.equal(follower.lists, 2));
  await watching(server);
  server.put(restarted('web', 2));
  server.bookmark();
  await seen(follower, ['web 1', 'web 1', 'web 2']);
  assert.deepEqual([follower.lists, follower.outages], [2, []]);
});

test('an expired resource version causes a relist', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  await using follower = follow(server);
  await watching(server);
  server.compact();
  server.endWatches();
  await seen(follower, ['web 1', 'web 1']);
  await watching(server);
  assert.deepEqual([follower.lists, follower.outages], [2, []]);
});

test('a watch that the server refuses with 410 causes a relist', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  let refusals = 0;
  server.intercept((url, response) => {
    if (!url.searchParams.has('watch') || refusals > 0) return false;
    refusals += 1;
    status(response, 410, 'too old resource version', 'Expired');
    return true;
  });
  await using follower = follow(server);
  await seen(follower, ['web 1', 'web 1']);
});

test('a connection that ends within a line causes a relist, and gives no Pod of that line', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  await using follower = follow(server);
  await watching(server);
  server.cutWatches(restarted('half', 1));
  await seen(follower, ['web 1', 'web 1']);
  assert.deepEqual([follower.lists, follower.outages.length], [2, 1]);
});

test('a connection that is silent for too long is closed, and causes a relist', async () => {
  await using server = await startApiServer();
  await using follower = follow(server, 500);
  await watching(server);
  server.fallSilent();
  server.put(restarted('web', 1));
  // The next watches are silent too, so each is followed by a list.
  await eventually(() => assert.equal(follower.observed[0], 'web 1'));
  assert.match(follower.outages[0] ?? '', /timeout/i);
});

test('an error event of the watch causes a relist', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  let watches = 0;
  server.intercept((url, response) => {
    if (!url.searchParams.has('watch') || ++watches > 1) return false;
    const object = { kind: 'Status', message: 'etcd is on holiday', code: 500 };
    response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    return true;
  });
  await using follower = follow(server);
  await seen(follower, ['web 1', 'web 1']);
  assert.deepEqual(follower.outages, ['etcd is on holiday']);
});

test('an unreachable server is retried with exponential back-off, up to half a minute', async () => {
  await using server = await startApiServer();
  server.intercept((_url, response) => {
    status(response, 500, 'starting');
    return true;
  });
  await using follower = follow(server);
  await eventually(() => assert.ok(follower.outages.length >= 8));
  const after = follower.pauses.filter((_pause, index) => index % 5 === 4);
  assert.deepEqual(after.slice(0, 8), [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

for (const [code, reason] of [
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
] as const) {
  test(`${code} before the first list is retried for a short time, and then ends the watch`, async () => {
    await using server = await startApiServer();
    let lists = 0;
    server.intercept((_url, response) => {
      lists += 1;
      status(response, code, 'no', reason);
      return true;
    });
    const follower = follow(server);
    await assert.rejects(follower.ended, { kind: 'cluster-forbidden' });
    // Credentials are read again, and retried once, after each 401.
    assert.equal(lists, code === 401 ? 12 : 6);
    assert.equal(follower.outages.length, 5);
  });

  test(`${code} from a server that has just started does not end the watch`, async () => {
    await using server = await startApiServer();
    server.put(restarted('web', 1));
    let refusals = 0;
    server.intercept((_url, response) => {
      if (++refusals > 5) return false;
      status(response, code, 'no', reason);
      return true;
    });
    await using follower = follow(server);
    await seen(follower, ['web 1']);
    assert.equal(follower.lists, 1);
  });

  test(`${code} after the first list is an outage, however long it lasts`, async () => {
    await using server = await startApiServer();
    await using follower = follow(server);
    await watching(server);
    let refusals = 0;
    server.intercept((_url, response) => {
      if (++refusals > 40) return false;
      status(response, code, 'no', reason);
      return true;
    });
    server.cutWatches();
    server.put(restarted('web', 1));
    await seen(follower, ['web 1']);
    assert.equal(follower.lists, 2);
  });
}

test('an invalid kubeconfig ends the watch at once, and after the first list is an outage', async () => {
  await using server = await startApiServer();
  server.put(restarted('web', 1));
  const usable = clientOf(server);
  let isUsable = false;
  const failing: ApiServer = {
    async get(path, open) {
      if (isUsable) return await usable.get(path, open);
      throw unusable('the kubeconfig', 'it is empty', undefined);
    },
  };
  const refused = follow(server, 60_000, failing);
  await assert.rejects(refused.ended, { kind: 'cluster-unusable' });
  assert.deepEqual(refused.outages, []);

  isUsable = true;
  await using resumed = follow(server, 60_000, failing);
  await watching(server);
  isUsable = false;
  server.cutWatches();
  await eventually(() => assert.ok(resumed.outages.includes('it is empty')));
  isUsable = true;
  await seen(resumed, ['web 1', 'web 1']);
});

test('a watch that is disconnected 50 times at random misses nothing that the cluster still shows', async () => {
  await using server = await startApiServer();
  const names = ['a', 'b', 'c', 'd', 'e'];
  await using follower = follow(server);
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const last = new Map<string, number>();
  for (let cuts = 0; cuts < 50; ) {
    const name = names[random(names.length)] ?? '';
    last.set(name, (last.get(name) ?? 0) + 1);
    server.put(restarted(name, last.get(name) ?? 0));
    if (random(3) === 0) server.bookmark();
    if (random(4) === 0) server.compact();
    if (random(2) === 0) {
      await watching(server);
      server.cutWatches(random(2) === 0 ? restarted('half', 1) : undefined);
      cuts += 1;
      await eventually(() => assert.equal(follower.outages.length, cuts));
    }
  }
  await eventually(() => {
    for (const [name, count] of last) assert.ok(follower.observed.includes(`${name} ${count}`));
  });
  assert.ok(!follower.observed.some((pod) => pod.startsWith('half')));
});
