import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { oldestNode, version } from '../lib/manifest.ts';
import { podEvent, structured } from './fixtures/pod-events.ts';
import { crashLoopingPod } from './fixtures/pods.ts';
import { startApiServer } from './helpers/api-server.ts';
import { eventually } from './helpers/eventually.ts';
import { startProcess } from './helpers/function-process.ts';
import { startHttpStub } from './helpers/http-stub.ts';
import { findOldNode } from './helpers/old-node.ts';
import { packAndInstall } from './helpers/packed.ts';
import { missing, startPushgateway } from './helpers/real-services.ts';
import { send } from './helpers/send.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

test('the documents name the oldest Node.js that the manifest allows', () => {
  for (const page of ['README.md', 'docs/by-hand.md', 'CHANGELOG.md']) {
    assert.ok(readFileSync(page, 'utf8').includes(`Node.js ${oldestNode} or newer`), page);
  }
});

suite('the npm package', () => {
  const folder = temporaryFolder('package-');
  const { tarballBytes, files, project, home } = packAndInstall(folder.path);
  const programs = { function: 'dist/functions/main.js', command: 'dist/lib/cli/main.js' };

  test('is small, and installs no dependency', () => {
    assert.ok(tarballBytes < 1_000_000, `${tarballBytes} bytes`);
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(installed, ['restart-ledger']);
  });

  test('contains the programs, their types and licences, the documents and the manifests, and nothing else', () => {
    const inFolders = /^dist\/(chunks\/[\w-]+\.js|lib\/.*\.d\.ts)$/;
    const folders = new Set(
      files
        .filter((file) => !inFolders.test(file))
        .map((file) => file.replace(/(?<=^(deploy|docs|examples)\/).*/, '')),
    );
    assert.deepEqual(
      [...folders],
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'deploy/',
        'dist/THIRD-PARTY-LICENSES',
        'dist/functions/function-context.d.ts',
        'dist/functions/index.d.ts',
        'dist/functions/index.js',
        'dist/functions/main.js',
        'dist/lib/cli/kubectl-restarts.js',
        'dist/lib/cli/main.js',
        'dist/sbom.cdx.json',
        'docs/',
        'examples/',
        'func.yaml',
        'package.json',
      ],
    );
    assert.deepEqual(
      files.filter((file) => /\.test\.|\.map$|(?<!\.d)\.ts$/.test(file)),
      [],
    );
  });

  test('can be imported as a function module, with types', () => {
    const module = folder.write(
      'project/module.mts',
      `import { type FunctionContext, type HttpAnswer, handle, init, liveness, readiness, shutdown } from 'restart-ledger';
const answers: readonly [string, string] = [liveness(), readiness()];
const answering: (context: FunctionContext, event: unknown) => Promise<HttpAnswer | undefined> = handle;
init();
// @ts-expect-error: it takes an event
answering({ log: console });
await shutdown();
console.log(...answers);
`,
    );
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
    const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--lib', 'es2024,dom'];
    const compiled = spawnSync(process.execPath, [join(compiler, '../bin/tsc'), ...flags, module], {
      cwd: project,
      encoding: 'utf8',
    });
    assert.deepEqual([compiled.stdout, compiled.status], ['', 0]);
  });

  test('prints its version', () => {
    const command = join(project, 'node_modules/.bin/restart-ledger');
    const printed = execFileSync(command, ['--version'], { encoding: 'utf8' });
    assert.equal(printed, `${version}\n`);
  });

  test('reads a large file, in a thread of its own', () => {
    const command = join(project, 'node_modules/.bin/restart-ledger');
    const pod = JSON.stringify(crashLoopingPod({ annotations: { padding: 'x'.repeat(100_000) } }));
    // From 32 MiB on, files with the name of compressed ones are read in a thread.
    const file = folder.write('large.ndjson.gz', `${pod}\n`.repeat(350));
    const printed = execFileSync(command, ['replay', '--dry-run', file], { encoding: 'utf8' });
    assert.match(printed, /\n350 records read: 350 with a restart \(1 restart\), /);
  });

  const old = findOldNode();
  for (const [what, program] of Object.entries(programs)) {
    test(`ends the ${what} with one line on a Node.js that is too old`, { skip: old === undefined }, () => {
      assert.ok(old);
      const { status, stdout, stderr } = spawnSync(old.program, [join(home, program)], { encoding: 'utf8' });
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 1,
          stdout: '',
          stderr: `restart-ledger ${version} needs Node.js 22.19 or newer, this is ${old.version}; install a newer one from https://nodejs.org\n`,
        },
      );
    });
  }

  test('asks an API server with the credentials that a program of the kubeconfig gives', {
    skip: missing('prometheus-pushgateway'),
  }, async () => {
    await using cluster = await startApiServer();
    await using gateway = await startPushgateway();
    cluster.put(crashLoopingPod());
    cluster.acceptOnly('of-the-program');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'of-the-program' },
    };
    const exec = { apiVersion: credential.apiVersion, command: 'echo', args: [JSON.stringify(credential)] };
    const kubeconfig = {
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [{ name: 'test', cluster: { server: cluster.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: { exec: { ...exec, interactiveMode: 'Never' } } }],
    };
    const environment = {
      PATH: process.env['PATH'],
      KUBECONFIG: folder.write('kubeconfig.json', JSON.stringify(kubeconfig)),
      PUSHGATEWAY_URL: gateway.url,
      RETENTION: '0',
    };
    const parameters = [join(home, programs.command), 'reconcile'];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { env: environment });
    assert.match(stdout, /\b1 missing and recorded\b/);
  });

  test('records spans with the OpenTelemetry SDK that the process has loaded', async () => {
    await using gateway = await startHttpStub();
    const sdk = resolve('test/fixtures/span-printer.js');
    await using ledger = await startProcess(['--import', sdk, join(home, programs.function)], {
      PUSHGATEWAY_URL: gateway.url,
    });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    assert.equal(
      (await send(ledger.url, structured(podEvent(crashLoopingPod(), { traceparent })))).status,
      204,
    );
    const spans = () => ledger.logs.filter(({ msg }) => msg === 'span');
    await eventually(() => assert.equal(spans().length, 3));
    assert.deepEqual(
      spans(),
      ['extract', 'push', 'handle'].map((span) => ({ msg: 'span', span, traceId })),
    );
  });

  test('contains the licences of the bundled packages', () => {
    const licences = readFileSync(join(home, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
    const packages = [
      '@kubernetes/client-node',
      '@opentelemetry/api',
      'cloudevents',
      'prom-client',
      'undici',
    ];
    assert.deepEqual(
      packages.filter((name) => !licences.includes(`\n${name} `)),
      [],
    );
  });
});
