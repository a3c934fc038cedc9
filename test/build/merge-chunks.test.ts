import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { before, test } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { runProgram } from '../helpers/process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('bundle-');
const text = (path: string) => readFileSync(path, 'utf8');

before(async () => {
  await bundle(folder.path);
});

/** The files that a file loads at once, itself among them. */
function loadedWith(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, imported = ''] of text(path).matchAll(/^(?:import|\} from|export .* from).*"(\.[^"]*)";$/gm))
    loadedWith(join(dirname(path), imported), found);
  return found;
}

test('a program loads few files when it starts, and one of them before it has checked the version of Node.js', () => {
  const start = join(folder.path, 'functions/main.js');
  const [, main = ''] = /import\("([^"]*)"\)/.exec(text(start)) ?? [];
  assert.equal(loadedWith(start).size, 2);
  const loaded = [...loadedWith(start), ...loadedWith(join(dirname(start), main))];
  const names = [...new Set(loaded)].map((path) => relative(folder.path, path).replace(/-[A-Z0-9]{8}/, ''));
  assert.deepEqual(names.toSorted(), [
    'chunks/main.js',
    'chunks/start-check.js',
    'chunks/start-function-module-command.js',
    'chunks/start-function-module.js',
    'chunks/start-function.js',
    'functions/main.js',
  ]);
});

test("the client of the Pushgateway does not load Node's HTTP/2", async () => {
  const chunks = readdirSync(join(folder.path, 'chunks'));
  const client = chunks.find((name) => name.startsWith('connections-')) ?? '';
  const loads = async (module: string) => {
    const program = `await import(${JSON.stringify(module)}); process.stdout.write(String(process.moduleLoadList.includes('NativeModule internal/http2/core')))`;
    const parameters = ['--input-type=module', '--eval', program];
    const { stdout, stderr } = await runProgram(process.execPath, parameters);
    assert.ok(stdout !== '', stderr);
    return stdout;
  };
  assert.deepEqual(
    [await loads(join(folder.path, 'chunks', client)), await loads('undici')],
    ['false', 'true'],
  );
});

test('each module of the project has one instance in a thread', () => {
  const files = readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const [thread, program] = [files.filter(isOfThread), files.filter((file) => !isOfThread(file))];
  assert.deepEqual(thread, ['chunks/record-thread.js']);
  for (const declaration of [
    'LedgerError = class',
    'function createRecordRestarts(',
    'function retry(',
    'var settings = ',
  ]) {
    const declaring = program.filter((file) => text(join(folder.path, file)).includes(declaration));
    assert.equal(declaring.length, 1, `${declaration}: ${declaring.join(', ')}`);
  }
});

/** A program of its own, which shares nothing with the one that starts it. */
function isOfThread(file: string): boolean {
  return file.endsWith('record-thread.js');
}
