import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClusterUse, checkCluster } from '../../../lib/cli/doctor/check-cluster.ts';
import { startApiServer, status } from '../../helpers/api-server.ts';
import { clientOf } from '../../helpers/cluster.ts';

type Verb = 'get' | 'list' | 'watch';

function verbOf(url: URL): Verb {
  if (url.searchParams.has('watch')) return 'watch';
  return url.pathname.endsWith('/pods') ? 'list' : 'get';
}

/** What doctor says where an account has these permissions on Pods. */
async function finding(use: ClusterUse, allowed: readonly Verb[], namespaces: readonly string[] = []) {
  await using server = await startApiServer();
  server.intercept((url, response) => {
    if (allowed.includes(verbOf(url))) return false;
    status(response, 403, `cannot ${verbOf(url)} resource "pods"`, 'Forbidden');
    return true;
  });
  const findings = await checkCluster(
    clientOf(server),
    { namespaces, podSelector: '', timeoutMilliseconds: 5000 },
    use,
  );
  return findings.map(({ state, fact }) => [state, fact]);
}

const enough: Readonly<Record<ClusterUse, readonly [verbs: readonly Verb[], fact: string]>> = {
  watch: [['list', 'watch'], 'Pods of all namespaces may be listed and watched'],
  reconcile: [['list'], 'Pods of all namespaces may be listed'],
  function: [['get', 'list'], 'Pods of all namespaces may be read and listed'],
};

for (const use of ['watch', 'reconcile', 'function'] as const) {
  const [verbs, fact] = enough[use];
  test(`for ${use} an account needs ${verbs.join(' and ')}, and no other permission`, async () => {
    assert.deepEqual(await finding(use, verbs), [['right', fact]]);
    for (const missing of verbs) {
      const [[state = '', message = ''] = []] = await finding(
        use,
        verbs.filter((verb) => verb !== missing),
      );
      assert.equal(state, 'wrong');
      assert.match(message, new RegExp(`cannot ${missing} resource`));
    }
  });
}

test('each configured namespace is checked by itself', async () => {
  assert.deepEqual(await finding('reconcile', ['list'], ['shop', 'data']), [
    ['right', 'Pods of the namespace shop may be listed'],
    ['right', 'Pods of the namespace data may be listed'],
  ]);
});
