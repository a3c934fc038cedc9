import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWatchLines } from '../../../lib/kubernetes/api/watch-lines.ts';

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
const leftOut = [running, running.replace('MODIFIED', 'ADDED'), running.replace('MODIFIED', 'DELETED'), ''];

test('changes that cannot show a restart are left out, and all other lines are given, wherever the chunks end', () => {
  const line = fc.oneof(fc.constantFrom(...kept), fc.constantFrom(...leftOut));
  const cuts = fc.array(fc.nat(600), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), cuts, fc.boolean(), (lines, positions, endsLine) => {
      const bytes = Buffer.from(lines.join('\n') + (endsLine ? '\n' : ''));
      const ends = [...positions.sort((a, b) => a - b), bytes.length];
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      assert.deepEqual(
        read(chunks),
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
