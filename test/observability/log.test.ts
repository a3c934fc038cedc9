import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { LedgerError } from '../../lib/errors.ts';
import { createLog, failureFields, type Log, restartFields } from '../../lib/observability/log.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('log-');

/** The lines that the log writes to its file descriptor while `work` is done. */
function written(level: string, work: (log: Log) => void): readonly string[] {
  const path = join(folder.path, level);
  const descriptor = openSync(path, 'w');
  work(createLog(level, descriptor));
  closeSync(descriptor);
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

test('a log call writes one line of JSON with level, time in RFC 3339, fields and message', () => {
  const start = Date.now();
  const [line = '', ...more] = written('info', (log) => log.warn({ pod: 'a "b"\n' }, 'not recorded'));
  const { time, ...fields }: Record<string, unknown> = JSON.parse(line);
  assert.deepEqual(more, []);
  assert.deepEqual(fields, { level: 'warn', pod: 'a "b"\n', msg: 'not recorded' });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Date.parse(String(time)) >= start && Date.parse(String(time)) <= Date.now());
});

const all = (log: Log) => {
  for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) log[level]({}, level);
};
const expected: Readonly<Record<string, readonly string[]>> = {
  trace: ['debug', 'info', 'warn', 'error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  fatal: ['fatal'],
  silent: [],
};

for (const [level, messages] of Object.entries(expected)) {
  test(`a log of level ${level} writes ${messages.join(', ') || 'nothing'}`, () => {
    const lines = written(level, all).map((line): { msg: unknown } => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      messages,
    );
  });
}

test('an expected failure is logged with kind and message, an unexpected one with its stack trace', () => {
  const parts = { operation: 'pushing to', subject: 'it', fact: 'it is unreachable', remedy: 'wait' };
  const cause = new Error('a cause that may hold anything');
  assert.deepEqual(failureFields(new LedgerError('gateway-unavailable', parts, { cause })), {
    kind: 'gateway-unavailable',
    reason: 'pushing to it: it is unreachable; wait',
  });
  const [line = ''] = written('error', (log) => log.error(failureFields(new TypeError('a bug')), 'failed'));
  const { kind, err }: { kind: unknown; err: Record<string, unknown> } = JSON.parse(line);
  assert.deepEqual([kind, err['type'], err['message']], ['internal', 'TypeError', 'a bug']);
  assert.match(String(err['stack']), /log\.test\.ts/);
});

test('a restart is logged with namespace, Pod, container, ordinal, reason and exit code', () => {
  assert.deepEqual(restartFields(knownRestart), {
    namespace: 'shop',
    pod: 'checkout-7d4b9c6f5-x2x9k',
    container: 'checkout',
    restart: 5,
    reason: 'OOMKilled',
    exitCode: 137,
    at: '2025-11-20T10:00:02Z',
  });
  const [line = ''] = written('info', (log) => log.info(restartFields(lostRestart), 'recorded'));
  assert.equal('at' in JSON.parse(line), false);
});

test('fields that are no JSON do not end the process, and causes of an error are written', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const [first = '', second = ''] = written('error', (log) => {
    log.error(circular, 'failed');
    log.error(
      { err: Object.assign(new TypeError('a bug', { cause: new Error('why') }), { code: 7 }) },
      'failed',
    );
  });
  assert.match(first, /"unwritable":"Converting circular structure to JSON.*"msg":"failed"\}$/);
  const { err }: { err: Record<string, unknown> } = JSON.parse(second);
  const { cause, code } = err;
  assert.ok(typeof cause === 'object' && cause !== null && 'message' in cause);
  assert.deepEqual([cause.message, code], ['why', 7]);
});

test('a line that is longer than a pipe is written whole', async () => {
  const program = `import { createLog } from ${JSON.stringify(join(import.meta.dirname, '../../lib/observability/log.ts'))};
    createLog('info').info({ long: 'x'.repeat(300_000) }, 'long');`;
  // \`cat\` starts to read after the program has filled the pipe; the other writer makes it non-blocking.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    maxBuffer: 1e6,
  });
  assert.equal(JSON.parse(stdout).long.length, 300_000);
});
