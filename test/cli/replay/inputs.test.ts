import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiList, kubectlJson, kubectlList, kubectlYaml } from '../../fixtures/kubectl-output.ts';
import { crashLoopingPod, type JsonObject, podObject } from '../../fixtures/pods.ts';
import { runCommand } from '../../helpers/command.ts';
import { shownBy } from '../../helpers/replay.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-inputs-');

const table = `\
NAMESPACE   NAME         READY   STATUS    RESTARTS      AGE
shop        checkout-0   1/1     Running   2 (3d ago)    10d
`;
const page = `<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body>the upstream terminated: {</body></html>
`;

const withoutObjects: readonly (readonly [what: string, content: string])[] = [
  ['without a byte', ''],
  ['of blank lines', '\n \n'],
  ['that is the table of kubectl get pods', table],
  ['that is an HTML page', page],
  ['that is a JSON log', '{"level":"info","msg":"started"}\n{"level":"info","msg":"ready"}\n'],
  ['that is one string', '"no"\n'],
];

for (const [index, [what, content]] of withoutObjects.entries()) {
  test(`an input ${what} ends with 1 and a hint, in a pipeline too`, async () => {
    const path = folder.write(`without.${index}`, content);
    const { code, messages } = await shownBy([path]);
    assert.equal(code, 1);
    assert.match(messages[0] ?? '', /; give JSON.*, as kubectl get pods -o json writes it$/);
    assert.match(messages.at(-1) ?? '', /, 1 refused \(/);
    const piped = await runCommand(['replay', '--dry-run', '-'], {}, content);
    assert.equal(piped.code, 1);
    assert.match(piped.stderr, /^refused -.*kubectl get pods -o json/);
  });
}

const notText: readonly (readonly [what: string, content: Buffer, fact: string])[] = [
  ['in UTF-16', Buffer.from(`\ufeff${kubectlJson(kubectlList())}`, 'utf16le'), 'its text is in UTF-16; '],
  [
    'of bytes',
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0x23]),
    'it is binary, and not compressed by gzip or zstd; ',
  ],
];

for (const [index, [what, content, fact]] of notText.entries()) {
  test(`a file ${what} is refused for what it is, and the others are read`, async () => {
    const path = folder.write(`not-text.${index}`, content);
    const { code, messages } = await shownBy([path, 'examples/oom-kill.json']);
    assert.equal(code, 1);
    assert.ok(messages[0]?.startsWith(`refused ${path}: reading the file: ${fact}give JSON or YAML`));
    assert.equal(
      messages.at(-1),
      `6 records read: 5 with a restart (2 restarts), 1 without a restart, 0 of another kind, 1 refused (${path})`,
    );
  });
}

const empty: readonly (readonly [what: string, content: string])[] = [
  ['on one line', '{"kind":"PodList","items":[]}'],
  ['of kubectl as JSON', kubectlJson(kubectlList())],
  ['of kubectl as YAML', kubectlYaml(kubectlList())],
  ['of the API server', JSON.stringify(apiList('PodList'))],
  ['of events', '[]\n'],
];

for (const [index, [what, content]] of empty.entries()) {
  test(`an empty list ${what} is a success`, async () => {
    const { code, messages } = await shownBy([folder.write(`empty.${index}`, content)]);
    assert.deepEqual(
      [code, messages],
      [
        0,
        ['0 records read: 0 with a restart (0 restarts), 0 without a restart, 0 of another kind, 0 refused'],
      ],
    );
  });
}

test('a list of other objects, and Pods without a restart, are a success', async () => {
  for (const list of [kubectlList({ apiVersion: 'v1', kind: 'Service' }), kubectlList(podObject())]) {
    for (const content of [kubectlJson(list), kubectlYaml(list), JSON.stringify(list)]) {
      assert.equal((await shownBy([folder.write('others', content)])).code, 0);
    }
  }
});

test('a directory of logs ends with 1; an empty file beside Pods is no error', async () => {
  folder.write('logs/app.log', 'started\n');
  folder.write('logs/empty.json', '');
  const { code, messages } = await shownBy([`${folder.path}/logs`]);
  assert.equal(code, 1);
  assert.match(messages[0] ?? '', /^refused the files: .* kubectl get pods -o json/);
  folder.write('mixed/empty.json', '');
  folder.write('mixed/pods.json', kubectlJson(kubectlList(podObject())));
  assert.equal((await shownBy([`${folder.path}/mixed`])).code, 0);
});

const dumped = (form: (list: JsonObject) => string) =>
  [
    form(apiList('NodeList', { metadata: { name: 'worker-2' } })),
    form(apiList('PodList', crashLoopingPod({ name: 'a' }), podObject())),
    '==== START logs for container app of pod shop/a ====\n',
    '{"level":"info","msg":"terminated"}\npanic: terminated\n  {\n---\nitems:\n- terminated: [\n',
    '==== END logs for container app of pod shop/a ====\n',
    '==== START logs for container app of pod shop/b ====\n',
    'a log without an end of line==== END logs for container app of pod shop/b ====\n',
    form(apiList('PodList', crashLoopingPod({ name: 'b' }))),
    '==== START logs for container app of pod shop/b ====\n',
    '==== END logs for container app of pod shop/b ====\n',
  ].join('');

for (const [name, form] of [
  ['JSON', (list: JsonObject) => `${JSON.stringify(list, null, 4)}\n`],
  ['YAML', ({ items, ...head }: JsonObject) => `---\n${kubectlYaml(head)}${kubectlYaml({ items })}`],
] as const) {
  test(`kubectl cluster-info dump on standard output is read as ${name}, and its logs are skipped`, async () => {
    const dump = dumped(form);
    const { code, stdout, stderr } = await runCommand(['replay', '--dry-run', '-o', 'csv', '-'], {}, dump);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[1]),
      ['a', 'b'],
    );
    assert.deepEqual(
      [code, stderr],
      [
        0,
        '4 records read: 2 with a restart (2 restarts), 1 without a restart, 1 of another kind, 0 refused\n',
      ],
    );
  });
}

test('a line beyond 64 MiB is reported with file and line, and the rest is read', async () => {
  const line = (name: string) => `${JSON.stringify(crashLoopingPod({ name }))}\n`;
  const long = Buffer.alloc(65 * 1024 * 1024, 'x');
  const path = folder.write(
    'long.ndjson',
    Buffer.concat([Buffer.from(line('a')), long, Buffer.from(`\n${line('b')}`)]),
  );
  const { code, restarts, messages } = await shownBy([path]);
  assert.deepEqual([code, restarts.length], [1, 2]);
  assert.deepEqual(messages, [
    `refused ${path}:2: reading the record: it is larger than 64 MiB; no Kubernetes object is; check that the file is whole`,
    `3 records read: 2 with a restart (2 restarts), 0 without a restart, 0 of another kind, 1 refused (${path}:2)`,
  ]);
});
