import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessLog } from '../../lib/observability/log.ts';
import { createRateLimitedLog } from '../../lib/observability/rate-limited-log.ts';

function recording({ writesDebug = false } = {}) {
  const lines: object[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    lines.push({ level, ...fields, message });
  const log: ProcessLog = {
    writesDebug,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
  const callbacks: (() => void)[] = [];
  const limited = createRateLimitedLog(log, (callback) => callbacks.push(callback));
  /** The end of every window that is open. */
  const elapse = () => {
    for (const callback of callbacks.splice(0)) callback();
  };
  return { limited, lines, elapse };
}

test('a flood of one message is ten lines and one that counts the others, with their first reasons', () => {
  const { limited, lines, elapse } = recording();
  for (let index = 0; index < 10_000; index += 1)
    limited.warn({ status: 400, reason: `reason ${index % 5}` }, 'a request was refused');
  elapse();
  assert.deepEqual(lines.slice(9), [
    { level: 'warn', status: 400, reason: 'reason 4', message: 'a request was refused' },
    {
      level: 'warn',
      more: 9990,
      reasons: ['reason 0', 'reason 1', 'reason 2'],
      message: 'a request was refused',
    },
  ]);
});

test('a window that ends starts anew, and few lines are all written', () => {
  const { limited, lines, elapse } = recording();
  for (let window = 0; window < 3; window += 1) {
    for (let index = 0; index < 10; index += 1) limited.error({ index }, 'a request failed');
    elapse();
  }
  assert.equal(lines.length, 30);
});

test('other messages and levels are written meanwhile', () => {
  const { limited, lines } = recording();
  for (let index = 0; index < 20; index += 1) limited.warn({}, 'a request was refused');
  limited.warn({ kind: 'gateway-unavailable' }, 'unavailable');
  for (let index = 0; index < 20; index += 1) limited.info({ index }, 'recorded');
  assert.equal(lines.length, 10 + 1 + 20);
});

test('what was counted is written at the end of the process', () => {
  const { limited, lines, elapse } = recording();
  for (let index = 0; index < 12; index += 1) limited.warn({ reason: 'x' }, 'a request was refused');
  limited.flush();
  elapse();
  assert.deepEqual(lines.slice(10), [
    { level: 'warn', more: 2, reasons: ['x'], message: 'a request was refused' },
  ]);
});

test('a log that writes debug lines writes every line', () => {
  const { limited, lines, elapse } = recording({ writesDebug: true });
  for (let index = 0; index < 100; index += 1) limited.warn({ index }, 'a request was refused');
  elapse();
  assert.deepEqual(
    lines,
    Array.from({ length: 100 }, (_, index) => ({ level: 'warn', index, message: 'a request was refused' })),
  );
});
