import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { listPods, type PodPage } from '../../../lib/kubernetes/api/list-pods.ts';
import type { PodScope } from '../../../lib/kubernetes/api/pods-path.ts';
import { watchPods } from '../../../lib/kubernetes/api/watch-pods.ts';
import { serverOf } from '../../helpers/cluster.ts';
import { eventually } from '../../helpers/eventually.ts';
import { followRealPods } from '../../helpers/follow-real-pods.ts';
import { grantPods } from '../../helpers/real-access.ts';
import { missingApiServer, type RealApiServer, startRealApiServer } from '../../helpers/real-api-server.ts';
import { createPod, podWithOrdinal, showRestart } from '../../helpers/real-pods.ts';
import { textAt } from '../../helpers/value-at.ts';

const retries = { attempts: 3, sleep: async () => {}, random: () => 0 };
const open = { signal: new AbortController().signal, idleTimeoutMilliseconds: 60_000 };

suite('against a real API server', { skip: missingApiServer() }, () => {
  let server: RealApiServer;
  let kubeconfig: string;

  before(async () => {
    server = await startRealApiServer();
    for (const name of ['shop', 'fleet']) await server.createNamespace(name);
    kubeconfig = server.kubeconfig({ token: await grantPods(server, 'shop', 'watch', ['list', 'watch']) });
    await Promise.all(Array.from({ length: 260 }, (_, index) => createPod(server, 'fleet', `pod-${index}`)));
    for (const index of [7, 255]) await showRestart(server, 'fleet', `pod-${index}`, 1);
  });
  after(() => server[Symbol.asyncDispose]());

  const inNamespace = (namespace: string): PodScope => ({ namespace, selector: '' });
  const sizes = (pages: readonly PodPage[]) => pages.map(({ count, isFirst }) => [count, isFirst]);

  test('a list is paged by continue tokens', async () => {
    const pages = await Array.fromAsync(listPods(serverOf(kubeconfig), inNamespace('fleet'), retries));
    assert.deepEqual(sizes(pages), [
      [250, true],
      [10, false],
    ]);
    const restarted = pages.flatMap((page) => page.restarted.map(podWithOrdinal));
    assert.deepEqual(restarted.toSorted(), ['pod-255 1', 'pod-7 1']);
  });

  test('a list starts again when etcd has compacted the revision of its continue token', async () => {
    const pages: PodPage[] = [];
    for await (const page of listPods(serverOf(kubeconfig), inNamespace('fleet'), retries)) {
      pages.push(page);
      if (pages.length > 1) continue;
      await showRestart(server, 'fleet', 'pod-7', 2);
      // A list that the server has in memory survives the compaction.
      await server.kill();
      await server.compact();
      await server.restart();
      await server.ready();
    }
    assert.deepEqual(sizes(pages), [
      [250, true],
      [250, true],
      [10, false],
    ]);
    const restarted = pages.slice(1).flatMap((page) => page.restarted.map(podWithOrdinal));
    assert.deepEqual(restarted.toSorted(), ['pod-255 1', 'pod-7 2']);
  });

  test('a list and a watch by a label selector give the selected Pods', async () => {
    const scope = { namespace: undefined, selector: 'app in (pod-255, web)' };
    await using followed = followRealPods(serverOf(kubeconfig), scope);
    await followed.sees('pod-255 1');
    await createPod(server, 'shop', 'web');
    await createPod(server, 'shop', 'other');
    await showRestart(server, 'shop', 'other', 1);
    await showRestart(server, 'shop', 'web', 1);
    await followed.sees('web 1');
    assert.deepEqual([followed.pods, followed.lists], [['pod-255 1', 'web 1'], [1]]);
  });

  test('a watch gives each change that shows a restart, and a deleted Pod with its last status', async () => {
    const scope = inNamespace('shop');
    await using followed = followRealPods(serverOf(kubeconfig), scope);
    await eventually(() => assert.equal(followed.lists.length, 1));
    const before = followed.pods.length;
    await createPod(server, 'shop', 'api');
    await showRestart(server, 'shop', 'api', 1);
    await showRestart(server, 'shop', 'api', 2);
    await server.must('DELETE', '/api/v1/namespaces/shop/pods/api');
    // The last two: with a deletionTimestamp, and deleted.
    await eventually(() =>
      assert.deepEqual(followed.pods.slice(before), ['api 1', 'api 2', 'api 2', 'api 2']),
    );
    assert.deepEqual(followed.outages, []);
  });

  test('a watch that ends regularly has sent a bookmark, from which the next one resumes', async () => {
    const watch = (resourceVersion: string, timeoutSeconds: number) =>
      watchPods(serverOf(kubeconfig), inNamespace('shop'), resourceVersion, { ...open, timeoutSeconds });
    const list = await server.must('GET', '/api/v1/namespaces/shop/pods?limit=1');
    await createPod(server, 'shop', 'late');
    await showRestart(server, 'shop', 'late', 1);
    const changes = new Set<string>();
    let bookmark = '';
    for await (const change of watch(textAt(list, 'metadata.resourceVersion'), 6)) {
      assert.ok(change.kind !== 'expired');
      changes.add(change.kind);
      // A change that no watch of this namespace shows: only a bookmark has its resource version.
      if (change.kind === 'pod') await showRestart(server, 'fleet', 'pod-7', 3);
      else bookmark = change.resourceVersion;
    }
    assert.deepEqual([...changes], ['pod', 'bookmark']);
    const hidden = await server.must('GET', '/api/v1/namespaces/fleet/pods/pod-7');
    assert.equal(bookmark, textAt(hidden, 'metadata.resourceVersion'));

    await showRestart(server, 'shop', 'late', 2);
    const later: string[] = [];
    for await (const change of watch(bookmark, 1)) {
      if (change.kind === 'pod') later.push(podWithOrdinal(change.object));
    }
    assert.deepEqual(later, ['late 2']);
  });

  test('an expired resource version causes a relist, which is not an outage', async () => {
    let ends = 0;
    await using followed = followRealPods(serverOf(kubeconfig), inNamespace('shop'), {
      timeoutSeconds: 1,
      // Between the end of one watch and the start of the next.
      sleep: async () => {
        ends += 1;
        if (ends > 1) return;
        await showRestart(server, 'shop', 'late', 3);
        await server.kill();
        await server.compact();
        await server.restart();
        await server.ready();
      },
    });
    await followed.sees('late 3');
    assert.deepEqual([followed.lists.length, followed.outages], [2, []]);
  });
});
