import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type RunningProcess, startProgram } from './process.ts';
import { missing } from './real-services.ts';
import { textAt } from './value-at.ts';

/** What the API server answered: its status, its body as parsed JSON, and the warnings that came with it. */
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
  readonly warnings: readonly string[];
}

/**
 * A real kube-apiserver on a real etcd, without controllers and kubelets: what a controller would make, a test makes.
 * Both listen on free ports of 127.0.0.1, and share a folder that is removed with them.
 */
export interface RealApiServer {
  readonly url: string;
  /** Asks as an administrator; `headers` go over its own. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiReply>;
  /** The body of what `ask` answers; throws where that is no success. */
  must(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Makes a namespace with its account `default`, which a controller would make. */
  createNamespace(name: string): Promise<void>;
  /** A new token of a service account; its audience is the API server unless another is given. */
  tokenOf(namespace: string, account: string, audience?: string): Promise<string>;
  /** The file with its certificate, which it has signed itself. */
  readonly certificateFile: string;
  /** Signs tokens with a new key of another kind (RSA, then P-256) once it restarts; verifies with all it has had. */
  replaceSigningKey(): void;
  /** Writes a kubeconfig of that user, as `{"token": "…"}`, and returns its path; each call has a file of its own. */
  kubeconfig(user: object): string;
  /** Writes a file into the folder of the server, and returns its path. */
  writeFile(name: string, content: string): string;
  /** Makes etcd forget all versions but the current ones. */
  compact(): Promise<void>;
  /** Kills the API server alone. */
  kill(): Promise<void>;
  /** Starts the killed API server on the same port. Resolves when it listens: it may not be ready yet. */
  restart(): Promise<void>;
  /** Resolves when the API server is ready. */
  ready(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** For the `skip` option of a test, like `missing()`. */
export function missingApiServer(): string | false {
  return missing('etcd') || missing('kube-apiserver');
}

/** Another process may take a free port before the servers do. */
const attempts = 3;

export async function startRealApiServer(): Promise<RealApiServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function startOnce(): Promise<RealApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kube-apiserver-'));
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const administrator = randomUUID();
  writeKeys(folder, administrator);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const url = `https://127.0.0.1:${port}`;
  const etcd = start('etcd', etcdFlags(folder, etcdUrl, `http://127.0.0.1:${peerPort}`));
  const startServer = () => start('kube-apiserver', apiServerFlags(folder, port, etcdUrl));
  let server = startServer();
  let agent: Agent | undefined;
  let kubeconfigs = 0;

  const stop = async () => {
    await server[Symbol.asyncDispose]();
    await etcd[Symbol.asyncDispose]();
    await agent?.close();
    rmSync(folder, { recursive: true, force: true });
  };

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiReply> {
    agent ??= new Agent({ connect: { ca: readFileSync(join(folder, 'apiserver.crt')) } });
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        authorization: `Bearer ${administrator}`,
        accept: 'application/json',
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const warning = answer.headers['warning'] ?? [];
    return {
      status: answer.statusCode,
      body: text.startsWith('{') ? JSON.parse(text) : text,
      warnings: Array.isArray(warning) ? warning : [warning],
    };
  }

  async function must(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await ask(method, path, body);
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Resolves when the API server answers so, and rejects when it ends before. */
  async function until(answers: () => Promise<unknown>): Promise<void> {
    await eventually(async () => server.hasExited || (await answers()), { within: 60_000 });
    if (server.hasExited) throw new Error(`kube-apiserver has ended: ${server.stderr().slice(-2000)}`);
  }
  const listens = () => until(() => ask('GET', '/livez'));
  const ready = () => until(() => must('GET', '/readyz'));

  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    ask,
    must,
    certificateFile: join(folder, 'apiserver.crt'),
    replaceSigningKey: () => writeSigningKey(folder, 'ec'),
    async createNamespace(name) {
      await must('POST', '/api/v1/namespaces', { metadata: { name } });
      await must('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
    },
    async tokenOf(namespace, account, audience) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
      const spec = { expirationSeconds: 3600, ...(audience !== undefined && { audiences: [audience] }) };
      return textAt(await must('POST', path, { spec }), 'status.token');
    },
    kubeconfig(user) {
      kubeconfigs += 1;
      const path = join(folder, `kubeconfig-${kubeconfigs}`);
      writeFileSync(path, JSON.stringify(kubeconfigOf(url, join(folder, 'apiserver.crt'), user)));
      return path;
    },
    writeFile(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    async compact() {
      const current = await askEtcd(etcdUrl, 'range', { key: 'AA==' });
      await askEtcd(etcdUrl, 'compaction', { revision: textAt(current, 'header.revision'), physical: true });
    },
    async kill() {
      await server[Symbol.asyncDispose]();
    },
    async restart() {
      server = startServer();
      await listens();
    },
    ready,
    [Symbol.asyncDispose]: stop,
  };
}

function start(program: string, flags: readonly string[]): RunningProcess {
  return startProgram(program, flags, { stdout: 'ignore' });
}

/** The key that signs service account tokens, and the one user with all rights. */
function writeKeys(folder: string, administrator: string): void {
  writeSigningKey(folder, 'rsa');
  writeFileSync(join(folder, 'tokens.csv'), `${administrator},administrator,1,"system:masters"\n`);
}

/** The public keys are added to those that are there. */
function writeSigningKey(folder: string, kind: 'rsa' | 'ec'): void {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // It reads an elliptic key in the form of SEC 1 only.
  const type = kind === 'rsa' ? 'pkcs8' : 'sec1';
  writeFileSync(join(folder, 'accounts.key'), privateKey.export({ type, format: 'pem' }));
  appendFileSync(join(folder, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
}

function etcdFlags(folder: string, url: string, peerUrl: string): readonly string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** It makes itself a certificate, `apiserver.crt`, for 127.0.0.1. */
function apiServerFlags(folder: string, port: number, etcdUrl: string): readonly string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // Of https://www.rfc-editor.org/rfc/rfc5737, because it accepts no loopback address.
    '--advertise-address=192.0.2.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--cert-dir=${folder}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
  ];
}

function kubeconfigOf(server: string, certificateAuthority: string, user: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'real', cluster: { server, 'certificate-authority': certificateAuthority } }],
    users: [{ name: 'tester', user }],
    contexts: [{ name: 'test', context: { cluster: 'real', user: 'tester' } }],
    'current-context': 'test',
  };
}

/** Source: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/ */
async function askEtcd(url: string, call: string, body: object): Promise<unknown> {
  const answer = await fetch(`${url}/v3/kv/${call}`, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`etcd answered ${answer.status} to ${call}: ${text}`);
  return JSON.parse(text);
}
