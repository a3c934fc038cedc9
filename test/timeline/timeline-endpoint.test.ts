import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Restart } from '../../lib/restarts/restart.ts';
import type { LiveData } from '../../lib/timeline/live-data.ts';
import { createTimelineEndpoint } from '../../lib/timeline/timeline-endpoint.ts';
import { manyRestarts } from '../fixtures/many-restarts.ts';
import { knownRestart } from '../fixtures/restart.ts';

function endpoint() {
  let now = 0;
  let stored: readonly Restart[] = [];
  const answer = createTimelineEndpoint({
    title: 'Container restarts',
    source: 'a test',
    read: async () => stored,
    nowSeconds: () => 1_763_640_000 + now / 1000,
    nowMilliseconds: () => now,
  });
  return {
    answer: (path: string, ifNoneMatch?: string) => answer({ path, ifNoneMatch }),
    store(restarts: readonly Restart[]) {
      stored = restarts;
      now += 2000;
    },
  };
}

test('the entity tag stays while nothing changes, however often it is read, and changes with a restart', async () => {
  const { answer, store } = endpoint();
  const first = await answer('/restarts.json');
  const etag = first?.headers['etag'] ?? '';
  assert.equal(first?.statusCode, 200);
  store([]);
  assert.deepEqual(
    [(await answer('/restarts.json', etag))?.statusCode, (await answer('/restarts.json', etag))?.body],
    [304, ''],
  );
  store([knownRestart]);
  const changed = await answer('/restarts.json', etag);
  assert.equal(changed?.statusCode, 200);
  assert.notEqual(changed?.headers['etag'], etag);
  store([knownRestart]);
  assert.equal((await answer('/restarts.json', changed?.headers['etag']))?.statusCode, 304);
});

test('the page and its data are for the browser that asks, and for no other site', async () => {
  const { answer } = endpoint();
  const guards = {
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  for (const path of ['/', '/restarts.json']) {
    const headers = (await answer(path))?.headers ?? {};
    assert.deepEqual(Object.fromEntries(Object.keys(guards).map((name) => [name, headers[name]])), guards);
  }
  assert.equal(await answer('/other'), undefined);
});

test('of more restarts than a browser shows with ease the latest are sent, and the page says how many are not', async () => {
  const { answer, store } = endpoint();
  await answer('/');
  store(manyRestarts(20_300).toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0)));
  const { timeline, omitted }: LiveData = JSON.parse((await answer('/restarts.json'))?.body ?? '');
  assert.deepEqual([timeline.restarts.length, omitted], [20_000, 300]);
  const { body = '' } = (await answer('/')) ?? {};
  assert.ok(
    body.includes('<p id="omitted" class="notice">The 300 earliest restarts are left out of this page.</p>'),
  );
  assert.equal(body.split('<tr><td>').length - 1, 20_000);
});
