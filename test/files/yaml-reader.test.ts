import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RawRecord } from '../../lib/files/raw-record.ts';
import { createYamlReader } from '../../lib/files/yaml-reader.ts';

function read(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const reader = createYamlReader();
  const records: unknown[] = [];
  const skipped = { pods: 0, others: 0 };
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.entries()) {
    const found =
      index === 0 ? reader.write(Buffer.alloc(0)) : reader.write(bytes.subarray(places[index - 1], place));
    records.push(...found.records.map(shown));
    skipped.pods += found.skipped.pods;
    skipped.others += found.skipped.others;
  }
  const last = reader.end();
  records.push(...last.records.map(shown));
  return { records, pods: skipped.pods + last.skipped.pods, others: skipped.others + last.skipped.others };
}

function shown({ line, bytes, list }: RawRecord): readonly unknown[] {
  return [line, bytes.toString('utf8'), ...(list === undefined ? [] : [list])];
}

const list = { kind: 'PodList', apiVersion: 'v1' };

test('documents are records; text after the dashes belongs to the document', () => {
  const text =
    '# of today\n---\nterminated: 1\n...\n---\n\n--- {terminated: 2}\n--- # three\nterminated: 3\n';
  assert.deepEqual(read(text).records, [
    [3, 'terminated: 1'],
    [7, '{terminated: 2}'],
    [9, 'terminated: 3'],
  ]);
});

for (const indentation of ['', '  ']) {
  test(`the items of a list are records, with ${indentation.length} spaces before their dashes`, () => {
    const lines = [
      'apiVersion: v1',
      'kind: PodList',
      'items:',
      `${indentation}- name: a`,
      `${indentation}  terminated:`,
      `${indentation}  - 1`,
      `${indentation}- name: b`,
      `${indentation}-`,
      `${indentation}  terminated: |`,
      `${indentation}    - text`,
      'metadata:',
      '  terminated: 0',
      '---',
      'terminated: 4',
    ];
    assert.deepEqual(read(`${lines.join('\r\n')}\r\n`), {
      records: [
        [4, `${indentation}  name: a\n${indentation}  terminated:\n${indentation}  - 1`, list],
        [8, `${indentation} \n${indentation}  terminated: |\n${indentation}    - text`, list],
        [14, 'terminated: 4'],
      ],
      pods: 1,
      others: 0,
    });
  });
}

test('the prefilter skips no document that may write its keys in another way', () => {
  const texts = ['"term\\x69nated": {}', 'a: &a x\n*a : {}', '? "term\\\n  inated"\n: {}'];
  for (const text of texts) assert.deepEqual(read(text).records, [[1, text]]);
});

test('a Pod that shows no restart is counted apart from an object that refers to a Pod', () => {
  const pods = [
    'kind: Pod',
    'apiVersion: v1\nkind: "Pod"',
    'object:\n  apiVersion: v1\n  kind: Pod\ntype: ADDED',
  ];
  const others = [
    'kind: Service',
    'involvedObject:\n  kind: Pod\nkind: Event',
    'kind: PodDisruptionBudget',
    'object:\n  involvedObject:\n    kind: Pod\n  kind: Event\ntype: ADDED',
    'object:\n  kind: Pod\ntype: BOOKMARK',
  ];
  assert.deepEqual(read(['first: 1', ...pods, ...others].join('\n---\n')), {
    records: [[1, 'first: 1']],
    pods: pods.length,
    others: others.length,
  });
});

test('chunk boundaries do not change the result', () => {
  const piece = fc.constantFrom(
    '---',
    '...',
    '\n',
    '\r\n',
    '- ',
    '  ',
    'items:',
    'kind: Pod',
    'kind: PodList',
    'terminated: 1',
    '# ü',
    '{}',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 6 }), (pieces, cuts) => {
      assert.deepEqual(read(pieces.join(''), cuts), read(pieces.join('')));
    }),
    { numRuns: 1000 },
  );
});
