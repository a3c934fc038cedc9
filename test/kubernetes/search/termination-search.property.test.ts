import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayShowTermination } from '../../../lib/kubernetes/prefilter.ts';
import {
  createTerminationSearch,
  searchableBuffer,
} from '../../../lib/kubernetes/search/termination-search.ts';
import { runProgram } from '../../helpers/process.ts';

const part = fc.constantFrom('minated', 'min', 'ated', 'm-----d', '_base64', '\\', 'u', 'x', '{}', 'é');
/** Of what is searched in one window of 64 KiB at a time, pieces around the end of a window. */
const filler = fc
  .tuple(fc.nat(2), fc.integer({ min: -40, max: 40 }))
  .map(([windows, distance]) => 'x'.repeat(Math.max(0, windows * 65_536 - distance)));
const text = fc.oneof(
  { weight: 9, arbitrary: fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: filler },
);
const texts = fc.array(text, { maxLength: 20 });

interface Searched {
  readonly texts: readonly string[];
  /** Asks about the next piece. */
  next(): boolean;
}

function searched(texts: readonly string[], place = (bytes: Buffer) => bytes): Searched {
  const holds = createTerminationSearch(place(Buffer.from(texts.join('\n'))));
  const lengths = texts.map((each) => Buffer.byteLength(each));
  let start = 0;
  return {
    texts,
    next() {
      const stop = start + (lengths.shift() ?? 0);
      const isFound = holds(start, stop);
      start = stop + 1;
      return isFound;
    },
  };
}

/** The bytes in a searchable buffer, with a mark right before them and right after. */
function inSearchable(bytes: Buffer): Buffer {
  const buffer = searchableBuffer(bytes.length + 20);
  buffer.write('minated', 3);
  buffer.write('minated', 10 + bytes.length);
  bytes.copy(buffer, 10);
  return buffer.subarray(10, 10 + bytes.length);
}

test('a search of a buffer finds in each piece what the prefilter finds in it alone, beside another search too', () => {
  let large = 0;
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const searches = [searched(one), searched(other), searched(one, inSearchable), searched(other)];
      const found = searches.map(() => [] as boolean[]);
      for (let turn = 0; turn < Math.max(one.length, other.length); turn += 1) {
        for (const [index, { texts, next }] of searches.entries())
          if (turn < texts.length) found[index]?.push(next());
      }
      for (const [index, { texts }] of searches.entries())
        assert.deepEqual(found[index], texts.map(mayShowTermination));
      if (one.join('').length > 65_536) large += 1;
    }),
    { numRuns: 1000 },
  );
  assert.ok(large > 100, `${large} large buffers`);
});

test('a mark is found wherever it is in a large buffer, and not when its end is missing', () => {
  const size = 3 * 65_536 + 5;
  for (const [mark, place] of [
    ['minated', (bytes: Buffer) => bytes],
    ['_base64', (bytes: Buffer) => bytes],
    ['\\u', (bytes: Buffer) => bytes],
    ['minated', inSearchable],
    ['\\u', inSearchable],
  ] as const) {
    const positions = [0, 1, 15, 16, 65_520, 65_530, 65_535, 65_536, 131_071, size - mark.length];
    for (const position of [...positions, size - mark.length + 1]) {
      const bytes = Buffer.alloc(size, 'x');
      bytes.write(mark, position);
      const holds = createTerminationSearch(place(bytes));
      assert.equal(holds(0, position), false, `${mark} at ${position}`);
      assert.equal(holds(position, size), positions.includes(position), `${mark} at ${position}`);
    }
  }
});

test('without WebAssembly, as node --jitless has none, the same is found', async () => {
  const search = new URL('../../../lib/kubernetes/search/termination-search.ts', import.meta.url);
  const code = `
    import { createTerminationSearch, searchableBuffer } from ${JSON.stringify(search.href)};
    delete globalThis.WebAssembly;
    const bytes = Buffer.alloc(200_000, 'x');
    bytes.write('terminated', 150_000);
    const holds = createTerminationSearch(bytes);
    console.log(typeof WebAssembly, holds(0, 150_000), holds(150_000, 200_000));`;
  const flags = ['--input-type=module', '--eval', code];
  const { stdout, stderr } = await runProgram(process.execPath, flags);
  assert.equal(stdout, 'undefined false true\n', stderr);
});
