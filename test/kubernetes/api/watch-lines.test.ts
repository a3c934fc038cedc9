import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWatchLines } from '../../../lib/kubernetes/api/watch-lines.ts';
import { unusualJson } from '../../helpers/json-text.ts';

/** What the chunks give; each is overwritten after it has been written, since none may be kept. */
function read(chunks: readonly Buffer[]): readonly string[] {
  const lines = createWatchLines();
  const given = chunks.flatMap((chunk) => {
    const copy = Buffer.from(chunk);
    const completed = lines.write(copy);
    copy.fill('x');
    return completed;
  });
  return [...given, ...lines.end()];
}

const running = '{"type":"MODIFIED","object":{"status":{}}}';
const restarted = '{"type":"MODIFIED","object":{"lastState":{"terminated":{"message":"Größe 😀"}}}}';
const escaped = '{"type":"ADDED","object":{"lastState":{"\\u0074erminated":{}}}}';
const bookmark = '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}';
const error = '{"type":"ERROR","object":{"code":410}}';
const kept = [restarted, escaped, bookmark, error, '{"type":"ADDED', '{ "type":"ADDED"}', 'no JSON'];
const leftOut = [
  running,
  running.replace('MODIFIED', 'ADDED'),
  running.replace('MODIFIED', 'DELETED'),
  // Nothing in a Pod is decoded.
  running.replace('{}', `{"data_base64":"${Buffer.from(restarted).toString('base64')}"}`),
  '',
];

const cuts = fc.array(fc.nat(600), { maxLength: 20 });

function cut(bytes: Buffer, positions: readonly number[]): readonly Buffer[] {
  const ends = [...positions.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test('changes that cannot show a restart are left out, and all other lines are given, wherever the chunks end', () => {
  const line = fc.oneof(fc.constantFrom(...kept), fc.constantFrom(...leftOut));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), cuts, fc.boolean(), (lines, positions, endsLine) => {
      const bytes = Buffer.from(lines.join('\n') + (endsLine ? '\n' : ''));
      assert.deepEqual(
        read(cut(bytes, positions)),
        lines.filter((text) => kept.includes(text)),
      );
    }),
    { numRuns: 2000 },
  );
});

test('a line of many chunks is given whole', () => {
  const long = restarted.replace('Größe', 'Größe'.repeat(40_000));
  const bytes = Buffer.from(`${bookmark}\n${long}\n${running}\n`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, index) =>
    bytes.subarray(index * 1000, (index + 1) * 1000),
  );
  assert.deepEqual(read(chunks), [bookmark, long]);
});

const key = fc.oneof(fc.constantFrom('terminated', 'lastState', 'data_base64'), fc.string());
const { object } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.constantFrom(null, 'terminated', 'minated', '\\u', '"', '\n', 'Größe 😀'),
    tie('object'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));
const change = fc.record({
  type: fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'),
  object,
  choices: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
});

function showsTermination(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'terminated') || Object.values(value).some(showsTermination);
}

test('no change that shows a termination is left out, however it is written and wherever the chunks end', () => {
  let shown = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 5 }), cuts, (changes, positions) => {
      const lines = changes.map(
        ({ type, object, choices }) =>
          `{"type":"${type}","object":${unusualJson(object, choices).replaceAll('\n', ' ')}}`,
      );
      const given = read(cut(Buffer.from(`${lines.join('\n')}\n`), positions));
      const expected = lines.filter((line) => showsTermination(JSON.parse(line)));
      shown += expected.length;
      assert.deepEqual(
        given.filter((line) => showsTermination(JSON.parse(line))),
        expected,
      );
    }),
    { numRuns: 3000 },
  );
  assert.ok(shown > 300, `${shown} changes showed a termination`);
});
