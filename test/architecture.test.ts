import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** The layers, the highest first. A file belongs to the first one whose prefix it has. */
const layers: readonly (readonly string[])[] = [
  ['lib/cli/'],
  ['functions/'],
  ['lib/ledger/'],
  ['lib/timeline/'],
  ['lib/kubernetes/api/'],
  ['lib/files/'],
  ['lib/pushgateway/', 'lib/prometheus/'],
  ['lib/http/'],
  ['lib/cloudevents/'],
  ['lib/kubernetes/objects/', 'lib/kubernetes/prefilter.ts'],
  ['lib/access/'],
  ['lib/config.ts', 'lib/config/', 'lib/observability/'],
  ['lib/metrics/'],
  ['lib/restarts/'],
  [
    'lib/narrow.ts',
    'lib/option-error.ts',
    'lib/parse-json.ts',
    'lib/parse-time.ts',
    'lib/retry.ts',
    'lib/signals.ts',
  ],
  [
    'lib/bare-url.ts',
    'lib/bearer-token.ts',
    'lib/counted.ts',
    'lib/duration.ts',
    'lib/errors.ts',
    'lib/lines-of.ts',
    'lib/local-zone.ts',
    'lib/rfc3339.ts',
    'lib/supported-node.ts',
  ],
  ['lib/manifest.ts'],
];

const root = join(import.meta.dirname, '..');
const files = globSync(['functions/**/*.ts', 'lib/**/*.ts'], { cwd: root });

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, to = '']) => ({
      from,
      to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to,
    }),
  ),
);

function layerOf(file: string): number {
  return layers.findIndex((prefixes) => prefixes.some((prefix) => file.startsWith(prefix)));
}

test('every module belongs to a layer', () => {
  assert.ok(files.length > 30);
  assert.deepEqual(
    files.filter((file) => layerOf(file) < 0),
    [],
  );
});

test('imports point downwards', () => {
  const own = imports.filter(({ to }) => to.endsWith('.ts'));
  assert.ok(own.length > 50);
  assert.deepEqual(
    own.filter(({ from, to }) => layerOf(from) > layerOf(to)),
    [],
  );
});

test('no module imports itself through others', () => {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const reached = (start: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const waiting = [start];
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      for (const { to } of targets.get(from) ?? []) {
        if (found.has(to)) continue;
        found.add(to);
        waiting.push(to);
      }
    }
    return found;
  };
  assert.deepEqual(
    files.filter((file) => reached(file).has(file)),
    [],
  );
});

/** The modules that may import an external module. */
const doors: readonly (readonly [module: RegExp, importers: readonly string[]])[] = [
  [
    /^node:(fs|http|https|net|child_process)/,
    [
      'lib/access/',
      'lib/cli/',
      'lib/files/',
      'lib/http/',
      'lib/kubernetes/api/kube-config.ts',
      'lib/kubernetes/api/token-files.ts',
      'lib/pushgateway/embedded/',
      'lib/cloudevents/http-message.ts',
      'lib/timeline/browser-code.ts',
      'lib/cloudevents/dead-letter.ts',
      'lib/observability/json-lines.ts',
    ],
  ],
  [/^prom-client$/, ['lib/observability/prometheus-client.ts']],
  [
    /^undici$/,
    [
      'lib/pushgateway/pushgateway.ts',
      'lib/pushgateway/connections.ts',
      'lib/kubernetes/api/api-server.ts',
      'lib/cloudevents/event-sender.ts',
      'lib/prometheus/get.ts',
      'lib/http/oidc/fetch-keys.ts',
      'lib/prometheus/sample-import.ts',
    ],
  ],
  [/^(commander|@bomb\.sh\/tab.*|string-width|cli-progress)$/, ['lib/cli/']],
  [/^jose$/, ['lib/http/oidc/']],
  [/^d3-/, ['lib/timeline/browser/']],
  [/^esbuild$/, ['lib/timeline/browser-code.ts']],
  [/^yaml$/, ['lib/files/parse-yaml.ts', 'lib/files/write-yaml.ts']],
  [/^@opentelemetry\/(?!api$)/, ['lib/observability/tracing.ts']],
];

test('each external module is imported through one door only', () => {
  for (const [module, importers] of doors) {
    const violations = imports.filter(
      ({ from, to }) => module.test(to) && !importers.some((importer) => from.startsWith(importer)),
    );
    assert.deepEqual(violations, []);
  }
});

test('the Kubernetes client library, which is expensive to load, is loaded by one module', () => {
  const loading =
    /^(?:import (?!type )|export )[^;]*'@kubernetes\/client-node'|import\('@kubernetes\/client-node'\)/m;
  assert.deepEqual(
    files.filter((file) => loading.test(readFileSync(join(root, file), 'utf8'))),
    ['lib/kubernetes/api/client-library.ts'],
  );
});

test('the domain and the metrics know no clock, no environment and no I/O', () => {
  const impure =
    /\b(process\.|Date\.now|performance\.|Math\.random|setTimeout|setInterval|fetch\()|new Date\(\)/;
  const pure = files.filter((file) => /^lib\/(restarts|metrics|kubernetes\/objects)\//.test(file));
  assert.ok(pure.length > 15);
  assert.deepEqual(
    pure.filter((file) => impure.test(readFileSync(join(root, file), 'utf8'))),
    [],
  );
});

test('the environment is read in lib/config.ts alone', () => {
  const readers = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('process.env'));
  assert.deepEqual(readers, ['lib/config.ts']);
});

/** Tests of what is not in `lib/` or `functions/`: documents, packaging, and the architecture itself. */
const testsOfTheRest =
  /^(?:architecture|docs|readme|func-yaml|dockerfile|krew|package)\.test\.ts$|^(?:chaos|deploy|docs|fuzz|helpers)\//;

/** Rooms that are tested through others: a sink through the commands that record in it. */
const testedElsewhere: readonly string[] = ['lib/ledger/sinks'];

test('each test mirrors the path of its subject: a module of the same name, or a room', () => {
  const tests = globSync('**/*.test.ts', { cwd: join(root, 'test') });
  assert.ok(tests.length > 60);
  const isThere = (path: string) => existsSync(join(root, path)) || existsSync(join(root, 'lib', path));
  assert.deepEqual(
    tests.filter((path) => {
      const room = dirname(path);
      const subject = room === '.' ? path.replace(/(?:\.property)?\.test\.ts$/, '.ts') : room;
      return !testsOfTheRest.test(path) && !isThere(subject);
    }),
    [],
  );
});

test('each room has tests', () => {
  const tests = globSync('**/*.test.ts', { cwd: join(root, 'test') });
  const rooms = new Set(files.map(dirname).filter((room) => room !== 'lib'));
  const untested = [...rooms].filter((room) => {
    const place = room.replace(/^lib\//, '');
    return !tests.some((path) => path.startsWith(`${place}/`) || path === `${place}.test.ts`);
  });
  assert.deepEqual(untested, testedElsewhere);
});
