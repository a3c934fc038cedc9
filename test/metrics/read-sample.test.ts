import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSample } from '../../lib/metrics/read-sample.ts';
import { labelPairs, sampleLine } from '../../lib/metrics/text-format.ts';

const cases: readonly [line: string, expected: ReturnType<typeof readSample>][] = [
  ['up 1', { name: 'up', labels: new Map(), value: 1 }],
  [
    'push_time_seconds{instance="",job="a"} 1.7954441306685135e+09',
    {
      name: 'push_time_seconds',
      labels: new Map([
        ['instance', ''],
        ['job', 'a'],
      ]),
      value: 1795444130.6685135,
    },
  ],
  [
    'x{a="q\\"b\\\\c\\nd, e=\\"f\\"}",g="h"} -1',
    {
      name: 'x',
      labels: new Map([
        ['a', 'q"b\\c\nd, e="f"}'],
        ['g', 'h'],
      ]),
      value: -1,
    },
  ],
  [
    'x_bucket{le="+Inf"} +Inf',
    { name: 'x_bucket', labels: new Map([['le', '+Inf']]), value: Number.POSITIVE_INFINITY },
  ],
  ['x -Inf', { name: 'x', labels: new Map(), value: Number.NEGATIVE_INFINITY }],
  ['# HELP x about x', undefined],
  ['', undefined],
  ['x{a="b" 1', undefined],
  ['x{a=b} 1', undefined],
];

for (const [line, expected] of cases) {
  test(`an exposition line is parsed: ${line}`, () => {
    assert.deepEqual(readSample(line), expected);
  });
}

test('parsing a written sample gives the same sample, whatever its labels contain', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', '\r', '\u2028', '{', '}', ',', '=', ' ', 'é') }),
  );
  const anyLabels = fc
    .dictionary(fc.stringMatching(/^[A-Za-z_]\w{0,8}$/), anyText)
    .map(Object.entries<string>);
  const property = fc.property(anyLabels, fc.double(), (labels, value) => {
    const line = sampleLine('x', labelPairs(labels), value).slice(0, -1);
    const read = readSample(line);
    assert.deepEqual([read?.name, read?.labels], ['x', new Map(labels)]);
    assert.equal(read?.value, value === 0 ? 0 : value);
  });
  fc.assert(property, { numRuns: 1000 });
});
