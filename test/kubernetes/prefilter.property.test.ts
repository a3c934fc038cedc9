import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import {
  createTerminationSearch,
  mayHaveRestarted,
  mayShowTermination,
  yamlMayShowTermination,
} from '../../lib/kubernetes/prefilter.ts';
import { unusualJson } from '../helpers/json-text.ts';

const key = fc.oneof(fc.constantFrom('terminated', 'Terminated', 'lastState', 'data'), fc.string());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom(null, true, 'terminated', 'minated', '\\', '*'),
    fc.string(),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const choices = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });

function showsTermination(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'terminated') || Object.values(value).some(showsTermination);
}

test('the prefilter rejects no JSON text that shows a termination, however it is written', () => {
  let shown = 0;
  fc.assert(
    fc.property(value, choices, (object, how) => {
      const text = unusualJson(object, how);
      if (!showsTermination(JSON.parse(text))) return;
      shown += 1;
      const bytes = Buffer.from(text);
      assert.deepEqual(
        [mayShowTermination(bytes), mayShowTermination(text), mayHaveRestarted(bytes)],
        [true, true, true],
        text,
      );
    }),
    { numRuns: 3000 },
  );
  assert.ok(shown > 100, `${shown} texts showed a termination`);
});

test('the prefilter rejects no termination in the encoded data of a CloudEvent', () => {
  fc.assert(
    fc.property(value, choices, (object, how) => {
      const data = Buffer.from(JSON.stringify({ terminated: object })).toString('base64');
      assert.equal(mayShowTermination(unusualJson({ data_base64: data }, how)), true);
    }),
  );
});

test('the prefilter rejects no YAML text that shows a termination, in any style, with aliases and escapes', () => {
  const style = fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_FOLDED');
  fc.assert(
    fc.property(value, style, fc.boolean(), choices, (object, defaultKeyType, isJson, how) => {
      const held = { a: object, b: { terminated: object }, c: object };
      const text = isJson ? unusualJson(held, how) : stringify(held, { defaultKeyType, lineWidth: 20 });
      assert.equal(yamlMayShowTermination(text), true);
    }),
  );
  const aliased = 'a: &a terminated\nb:\n  *a : {}\n';
  assert.deepEqual(parse(aliased), { a: 'terminated', b: { terminated: {} } });
  for (const text of [aliased.replace('terminated', '"term\\x69nated"'), '? "termi\\\n  nated"\n: {}\n']) {
    assert.equal(showsTermination(parse(text)), true);
    assert.equal(yamlMayShowTermination(text), true);
  }
});

test('searching many buffers at once finds in each what the prefilter finds in it alone', () => {
  const piece = fc.array(fc.constantFrom('minated', 'min', 'ated', '_base64', '\\', 'u', 'x', '{}'), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const texts = pieces.map((parts) => parts.join(''));
      const holds = createTerminationSearch(Buffer.from(texts.join('\n')));
      let start = 0;
      const found = texts.map((text) => {
        const stop = start + text.length;
        const isFound = holds(start, stop);
        start = stop + 1;
        return isFound;
      });
      assert.deepEqual(found, texts.map(mayShowTermination));
    }),
    { numRuns: 1000 },
  );
});

test('a Pod whose restart count is 0 and that shows no termination is rejected, one that has restarted is not', () => {
  const pod = (count: string) =>
    Buffer.from(`{"containerStatuses":[{"restartCount":${count},"lastState":{}}]}`);
  assert.deepEqual(
    ['0', ' 0 ', '1', '12', '-1', '"0"'].map((count) => mayHaveRestarted(pod(count))),
    [false, false, true, true, true, true],
  );
});
