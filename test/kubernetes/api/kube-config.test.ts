import assert from 'node:assert/strict';
import { delimiter } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { loadKubeConfig } from '../../../lib/kubernetes/api/kube-config.ts';
import { podsPath } from '../../../lib/kubernetes/api/pods-path.ts';
import { startApiServer } from '../../helpers/api-server.ts';
import { everywhere, serverOf } from '../../helpers/cluster.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('kube-config-');
const pods = podsPath(everywhere, { limit: '1' });

function kubeconfig(name: string, server: string, user: object): string {
  return folder.write(
    `${name}/config`,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  );
}

async function isAccepted(path: string): Promise<boolean> {
  const answer = await serverOf(path).get(pods);
  if (answer.kind === 'object') await answer.body.dump();
  return answer.kind === 'object';
}

test('the token of a tokenFile is sent without its trailing line break, and its path is relative to the kubeconfig', async () => {
  await using server = await startApiServer();
  server.acceptOnly('from-file');
  folder.write('relative/token', 'from-file\n');
  assert.ok(await isAccepted(kubeconfig('relative', server.url, { tokenFile: 'token' })));
});

test('a tokenFile takes precedence over a token', async () => {
  await using server = await startApiServer();
  server.acceptOnly('rotated');
  const tokenFile = folder.write('both/token', 'rotated');
  assert.ok(await isAccepted(kubeconfig('both', server.url, { tokenFile, token: 'first' })));
});

test('a tokenFile is read again when its token is no longer accepted', async () => {
  await using server = await startApiServer();
  server.acceptOnly('old');
  const tokenFile = folder.write('rotating/token', 'old');
  const client = serverOf(kubeconfig('rotating', server.url, { tokenFile }));
  for (const token of ['old', 'new']) {
    folder.write('rotating/token', token);
    server.acceptOnly(token);
    const answer = await client.get(pods);
    assert.ok(answer.kind === 'object');
    await answer.body.dump();
  }
  folder.write('rotating/token', 'wrong');
  server.acceptOnly('newest');
  await assert.rejects(client.get(pods), { kind: 'cluster-forbidden' });
});

test('each of several kubeconfig files keeps its tokenFile', async () => {
  const first = kubeconfig('first', 'http://127.0.0.1:1', { tokenFile: 'one' });
  const second = kubeconfig('second', 'http://127.0.0.1:2', { tokenFile: 'two' });
  const { users } = await loadKubeConfig({ KUBECONFIG: [first, second].join(delimiter) });
  assert.deepEqual(
    users.map(({ name, authProvider }) => [name, authProvider.config.tokenFile]),
    [
      ['first', `${folder.path}/first/one`],
      ['second', `${folder.path}/second/two`],
    ],
  );
});

const unusable: readonly (readonly [what: string, content: string | undefined, fact: RegExp])[] = [
  ['that does not exist', undefined, /no such file/],
  ['that is no YAML', '{"clusters": [', /flow|end/i],
  ['that is empty', '', /./],
  ['without a current context', 'kind: Config\nclusters: []\n', /it has no current context with a cluster/],
];

for (const [what, content, fact] of unusable) {
  test(`a kubeconfig ${what} is invalid, and the error names it`, async () => {
    const path =
      content === undefined
        ? `${folder.path}/none`
        : folder.write(`unusable/${what.replaceAll(' ', '-')}`, content);
    await assert.rejects(loadKubeConfig({ KUBECONFIG: path }), {
      kind: 'cluster-unusable',
      message: new RegExp(
        `^using the kubeconfig ${path}: .*${fact.source}.*; fix it, or name another one in KUBECONFIG$`,
        `${fact.flags}s`,
      ),
    });
  });
}

test('what stands around a mistake in a kubeconfig, a token for example, is not in the error', async () => {
  const path = folder.write('mistake/config', 'users:\n- name: a\n  user:\n    token: s3cr3t\n   bad: [\n');
  await assert.rejects(loadKubeConfig({ KUBECONFIG: path }), {
    kind: 'cluster-unusable',
    message: `using the kubeconfig ${path}: bad indentation of a mapping entry (5:4); fix it, or name another one in KUBECONFIG`,
  });
});

test('without a kubeconfig and a service account, the error says so', async () => {
  await assert.rejects(loadKubeConfig({ HOME: `${folder.path}/no-home` }), {
    kind: 'cluster-unconfigured',
    message:
      'looking for the API server: there is neither a kubeconfig nor a service account; set KUBECONFIG, or run it in a Pod with a service account token',
  });
});

test('unreadable credentials are not an outage', async () => {
  const path = kubeconfig('lost', 'http://127.0.0.1:1', { tokenFile: 'gone' });
  await assert.rejects(serverOf(path).get(pods), {
    kind: 'cluster-unusable',
    message:
      /^using the credentials for http:\/\/127\.0\.0\.1:1: ENOENT: no such file .*\/lost\/gone'; fix it/,
  });
});
