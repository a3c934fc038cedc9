import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type {
  ExposedFamily,
  ExposedMetric,
} from '../../../../lib/pushgateway/embedded/text-format/exposed-family.ts';
import { formatGoFloat, parseGoFloat } from '../../../../lib/pushgateway/embedded/text-format/go-float.ts';
import { parseExposition } from '../../../../lib/pushgateway/embedded/text-format/parse.ts';
import { writeExposition } from '../../../../lib/pushgateway/embedded/text-format/write.ts';

test('a text is parsed into its families, in the order of their first lines', () => {
  const text = `# HELP h Seconds of \\\\ and\\nmore.
# TYPE h histogram
h_bucket{le="1",x="a"} 2
h_bucket{le="+Inf",x="a"} 3
h_sum{x="a"} 1.5
h_count{x="a"} 3
a{x="\\"",y=""} -1e-3 1763632802000
# TYPE s summary
s{quantile="0.5"} 7
`;
  assert.deepEqual(parseExposition(text), [
    {
      name: 'h',
      help: 'Seconds of \\ and\nmore.',
      type: 'histogram',
      metrics: [
        {
          labels: new Map([['x', 'a']]),
          timestamped: false,
          value: {
            kind: 'distribution',
            points: [
              { bound: 1, value: 2 },
              { bound: Number.POSITIVE_INFINITY, value: 3 },
            ],
            sum: 1.5,
            count: 3,
          },
        },
      ],
    },
    {
      name: 'a',
      help: '',
      type: 'untyped',
      metrics: [
        {
          labels: new Map([
            ['x', '"'],
            ['y', ''],
          ]),
          timestamped: true,
          value: { kind: 'single', value: -0.001 },
        },
      ],
    },
    {
      name: 's',
      help: '',
      type: 'summary',
      metrics: [
        {
          labels: new Map(),
          timestamped: false,
          value: { kind: 'distribution', points: [{ bound: 0.5, value: 7 }], sum: 0, count: 0 },
        },
      ],
    },
  ]);
});

const plain = { noNullPrototype: true } as const;
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const labels = fc
  .dictionary(name, fc.string({ unit: 'binary' }))
  .map((pairs) => new Map(Object.entries(pairs)));
const number = fc.double().map((value) => (value === 0 ? 0 : value));
const single: fc.Arbitrary<ExposedMetric> = fc.record(
  {
    labels,
    timestamped: fc.constant(false),
    value: fc.record({ kind: fc.constant('single' as const), value: number }, plain),
  },
  plain,
);
const family: fc.Arbitrary<ExposedFamily> = fc.record(
  {
    name,
    help: fc.string({ unit: 'binary' }).filter((help) => !/^[ \t]|\r/.test(help)),
    type: fc.constantFrom('counter', 'gauge', 'untyped'),
    metrics: fc.array(single, { minLength: 1 }),
  },
  plain,
);

test('parsing what was written gives the same families', () => {
  fc.assert(
    fc.property(fc.uniqueArray(family, { selector: (each) => each.name }), (families) => {
      assert.deepEqual(parseExposition(families.map(writeExposition).join('')), families);
    }),
  );
});

test('parsing a written number gives the same number', () => {
  fc.assert(fc.property(fc.double(), (value) => assert.equal(parseGoFloat(formatGoFloat(value)), value)));
});

test('numbers are written as Go writes them', () => {
  const numbers = [
    1_763_632_802,
    999_999,
    1_000_000,
    0.0001,
    0.00001,
    1e21,
    -0,
    5e-324,
    Number.NEGATIVE_INFINITY,
  ];
  assert.deepEqual(numbers.map(formatGoFloat), [
    '1.763632802e+09',
    '999999',
    '1e+06',
    '0.0001',
    '1e-05',
    '1e+21',
    '-0',
    '5e-324',
    '-Inf',
  ]);
});
