import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { apiList, kubectlJson, kubectlList, kubectlYaml, podWarning } from '../../fixtures/kubectl-output.ts';
import { crashLoopingPod, type JsonObject, podObject } from '../../fixtures/pods.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { runProgram } from '../../helpers/process.ts';
import { shownBy } from '../../helpers/replay.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-sources-');

function pod(name: string): JsonObject {
  return crashLoopingPod({ name });
}

function lines(...names: readonly string[]): string {
  return names.map((name) => `${JSON.stringify(pod(name))}\n`).join('');
}

/** The names of the Pods whose restarts were shown, the exit code and the messages. */
async function readFrom(...paths: readonly string[]) {
  const { code, restarts, messages } = await shownBy(paths);
  return { code, pods: restarts.map(podOf), messages };
}

function podOf(restart: unknown): unknown {
  return typeof restart === 'object' && restart !== null && 'pod' in restart ? restart.pod : undefined;
}

function ofAll(count: number): string {
  return `${count} record${count === 1 ? '' : 's'} read: ${count} with a restart (${count} restart${count === 1 ? '' : 's'}), 0 without a restart, 0 of another kind, 0 refused`;
}

test('a hyphen is standard input, compressed or not', async () => {
  for (const input of [lines('a', 'b'), gzipSync(lines('a', 'b')), zstdCompressSync(lines('a', 'b'))]) {
    const { code, stdout, stderr } = await runCommand(['replay', '--dry-run', '-o', 'csv', '-'], {}, input);
    const [head = '', ...rows] = stdout.trimEnd().split('\n');
    assert.deepEqual([code, stderr], [0, `${ofAll(2)}\n`]);
    assert.match(head, /^namespace,pod,uid,container,/);
    assert.deepEqual(
      rows.map((row) => row.split(',')[1]),
      ['a', 'b'],
    );
  }
});

test('a named pipe is read like standard input', async () => {
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([
    readFrom(pipe),
    writeFile(pipe, kubectlJson(kubectlList(pod('a'), pod('b')))),
  ]);
  assert.deepEqual(read, { code: 0, pods: ['a', 'b'], messages: [ofAll(2)] });
});

test('a glob pattern expands to its files in the order of their names, whatever they contain', async () => {
  folder.write('pattern/1.txt', kubectlYaml(kubectlList(pod('yaml'))));
  folder.write('pattern/2.txt', lines('line'));
  folder.write('pattern/3.txt', gzipSync(kubectlJson(pod('json'))));
  folder.write('pattern/4.bak', lines('other'));
  assert.deepEqual(await readFrom(join(folder.path, 'pattern/*.txt')), {
    code: 0,
    pods: ['yaml', 'line', 'json'],
    messages: [ofAll(3)],
  });
});

test('a glob pattern or a directory without a file is refused', async () => {
  folder.write('empty/below/.keep', '');
  const pattern = join(folder.path, 'empty/*.json');
  const { code, messages } = await readFrom(pattern);
  assert.equal(code, 1);
  assert.deepEqual(messages, [
    `refused ${pattern}: reading ${pattern}: no file matches; check that the file is there, is whole and may be read`,
    `0 records read: 0 with a restart (0 restarts), 0 without a restart, 0 of another kind, 1 refused (${pattern})`,
  ]);
});

test('a cluster-info dump is read except for its logs; an invalid file does not stop the others from being read', async () => {
  const dump = join(folder.path, 'dump');
  const pretty = (list: JsonObject) => `${JSON.stringify(list, null, 4)}\n`;
  folder.write('dump/nodes.json', pretty(apiList('NodeList', { metadata: { name: 'worker-2' } })));
  folder.write('dump/shop/events.json', pretty(apiList('EventList', podWarning)));
  folder.write('dump/shop/pods.json', pretty(apiList('PodList', pod('a'), podObject(), pod('b'))));
  folder.write('dump/shop/services.json', pretty(apiList('ServiceList')));
  const broken = folder.write(
    'dump/system/pods.json',
    pretty(apiList('PodList', pod('c'), pod('d'))).slice(0, -900),
  );
  folder.write(
    'dump/shop/a/logs.txt',
    '==== START logs for container app of pod shop/a ====\n{"kind":"Pod"\n',
  );
  folder.write(
    'dump/shop/a/app.log',
    '{"level":"info","msg":"started"}\npanic: terminated\n\ngoroutine 1:\n',
  );
  folder.write('dump/shop/a/plain.log', '[INFO] terminated\n[2026-11-20] terminated: {\n');
  folder.write('dump/shop/a/yaml.log', 'INFO: terminated\nINFO: a: b: c\n');
  const { code, pods, messages } = await readFrom(dump);
  assert.deepEqual([code, pods], [1, ['a', 'b', 'c']]);
  assert.match(messages[0] ?? '', new RegExp(`^refused ${broken}:\\d+: parsing the record: `));
  assert.match(
    messages.at(-1) ?? '',
    /^\d+ records read: 3 with a restart \(3 restarts\), 1 without a restart, \d+ of another kind, 1 refused \(/,
  );
  assert.equal(messages.length, 2);
});

test('in a directory a dangling symbolic link is reported, and so is a file named .json that is not JSON', async () => {
  folder.write('odd/1.json', lines('a'));
  const text = folder.write('odd/2.json', 'terminated: [no JSON, and no YAML either\n');
  const link = join(folder.path, 'odd/3.json');
  symlinkSync('nowhere', link);
  folder.write('odd/4.yaml', kubectlYaml(pod('b')));
  const { code, pods, messages } = await readFrom(join(folder.path, 'odd'));
  assert.deepEqual([code, pods], [1, ['a', 'b']]);
  assert.deepEqual(
    messages.slice(0, -1).map((message) => message.split(': ').slice(0, 2).join(': ')),
    [`refused ${text}:1: parsing the record`, `refused ${link}: reading ${link}`],
  );
  assert.match(messages.at(-1) ?? '', /^3 records read: 2 with a restart .*, 2 refused/);
});

test('concatenated compressed files are decompressed to their end', async () => {
  for (const pack of [gzipSync, zstdCompressSync]) {
    const name = `together.${pack.name}`;
    const path = folder.write(
      name,
      Buffer.concat([lines('a'), lines('b'), lines('c')].map((text) => pack(text))),
    );
    assert.deepEqual(await readFrom(path), { code: 0, pods: ['a', 'b', 'c'], messages: [ofAll(3)] }, name);
  }
});

test('trailing zeros of a gzip file are no error', async () => {
  const path = folder.write('padded.gz', Buffer.concat([gzipSync(lines('a')), Buffer.alloc(512)]));
  assert.deepEqual(await readFrom(path), { code: 0, pods: ['a'], messages: [ofAll(1)] });
});

test('a truncated compressed file is read as far as possible, and reported', async () => {
  for (const [pack, reason] of [
    [gzipSync, 'unexpected end of file'],
    [zstdCompressSync, 'unexpected end of file'],
  ] as const) {
    const whole = pack(lines('a'));
    const path = folder.write(`cut.${pack.name}`, Buffer.concat([whole, pack(lines('b')).subarray(0, 100)]));
    const { code, pods, messages } = await readFrom(path);
    assert.deepEqual([code, pods.slice(0, 1)], [1, ['a']]);
    assert.deepEqual(messages, [
      `refused ${path}: reading ${path}: ${reason}; check that the file is there, is whole and may be read`,
      `1 record read: 1 with a restart (1 restart), 0 without a restart, 0 of another kind, 1 refused (${path})`,
    ]);
  }
});

test('a compressed file of many chunks is read like a plain one', async () => {
  const text = Array.from({ length: 3000 }, (_, index) => lines(`pod-${index}`)).join('');
  const paths = [text, gzipSync(text), zstdCompressSync(text)].map((bytes, index) =>
    folder.write(`many.${index}`, bytes),
  );
  const [plain, ...packed] = await Promise.all(paths.map(async (path) => await readFrom(path)));
  assert.equal(plain?.pods.length, 3000);
  for (const each of packed) assert.deepEqual(each, plain);
});

test('a file that is truncated at both ends gives its complete records', async () => {
  const path = folder.write('log.1', lines('a', 'b', 'c', 'd').slice(50, -50));
  const { code, pods, messages } = await readFrom(path);
  assert.deepEqual([code, pods], [1, ['b', 'c']]);
  assert.match(messages.at(-1) ?? '', new RegExp(`, 2 refused \\(${path}:1, ${path}:4\\)$`));
});

test('refused records can be corrected and replayed from the file of rejects', async () => {
  const broken = (version: string) => crashLoopingPod({ name: 'NO NAME', resourceVersion: version });
  const list = kubectlList(broken('1'), pod('a'), broken('2'));
  for (const write of [kubectlJson, kubectlYaml, JSON.stringify]) {
    const rejects = join(folder.path, `rejects.${write.name}`);
    const first = await shownBy([folder.write(`broken.${write.name}`, write(list))], { rejects });
    assert.deepEqual([first.code, first.restarts.map(podOf)], [1, ['a']]);
    assert.match(first.messages.at(-1) ?? '', /^3 records read: .*, 2 refused/);
    writeFileSync(rejects, readFileSync(rejects, 'utf8').replaceAll('NO NAME', 'corrected'));
    const { code, restarts } = await shownBy([rejects]);
    assert.deepEqual([code, restarts.map(podOf).includes('corrected')], [0, true], write.name);
  }
});

test('a file of rejects that cannot be written is invalid usage, reported at once', async () => {
  const rejects = join(folder.path, 'no/such/folder');
  const path = folder.write('good.ndjson', lines('a'));
  assert.deepEqual(await runCommand(['replay', '--dry-run', '--rejects', rejects, path]), {
    code: 2,
    stdout: '',
    stderr: `restart-ledger: reading the option --rejects: ENOENT: no such file or directory, access '${dirname(rejects)}'; name a file that can be written\n`,
  });
});

test('Ctrl-C ends an endless stream, with the summary of what was read', async () => {
  await using command = startCommand(['replay', '--dry-run', '-o', 'json', '-']);
  command.stdin.write(`${lines('a', 'b')}{"broken":\n`);
  await eventually(() => assert.match(command.stderr(), /^refused -:3: /));
  command.kill('SIGINT');
  const { code, stdout, stderr } = await command.ended;
  const pods = stdout
    .trimEnd()
    .split('\n')
    .map((line) => podOf(JSON.parse(line)));
  assert.deepEqual([code, pods], [1, ['a', 'b']]);
  assert.match(
    stderr,
    /\nstopped early: 3 records read: 2 with a restart \(2 restarts\), 0 without a restart, 0 of another kind, 1 refused \(-:3\)\n$/,
  );
});

test('a reader of the output that stops early is no error', async () => {
  const path = folder.write(
    'many.ndjson',
    lines(...Array.from({ length: 3000 }, (_, index) => `pod-${index}`)),
  );
  const command = '"$0" lib/cli/main.ts replay --dry-run -o json "$1" | head -n 1';
  const { stdout, stderr } = await runProgram('sh', ['-c', command, process.execPath, path]);
  assert.equal(podOf(JSON.parse(stdout)), 'pod-0');
  assert.equal(stderr, `${ofAll(3000)}\n`);
});
