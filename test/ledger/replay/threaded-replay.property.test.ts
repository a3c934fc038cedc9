import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { LedgerError } from '../../../lib/errors.ts';
import { fileRecords } from '../../../lib/files/file-records.ts';
import { replay } from '../../../lib/ledger/replay/replay.ts';
import { createSelection } from '../../../lib/ledger/replay/selection.ts';
import { localZone } from '../../../lib/local-zone.ts';
import { identityOf } from '../../../lib/restarts/history.ts';
import { crashLoopingPod, podObject } from '../../fixtures/pods.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('threaded-replay-');

/** Bytes that a Pod is made longer by: up to more than the chunks that files are read in. */
const padding = fc.oneof(fc.nat(100), fc.nat(400_000), fc.integer({ min: 1_000_000, max: 2_200_000 }));

/** Few names, so that many of them are the same restart. */
const podName = fc.integer({ min: 1, max: 12 }).map((number) => `checkout-${number}`);

const pods = fc.record({
  name: podName,
  form: fc.constantFrom('restarted', 'running', 'invalid', 'other'),
  padding,
});

type PodForm = typeof pods extends fc.Arbitrary<infer Form> ? Form : never;

function objectOf({ name, form, padding }: PodForm): object {
  const metadata = { name, namespace: 'shop', uid: name, annotations: { padding: 'x'.repeat(padding) } };
  if (form === 'running') return podObject({ metadata });
  if (form === 'other') return { kind: 'Event', apiVersion: 'v1', message: 'terminated', metadata };
  const pod = crashLoopingPod(metadata);
  return form === 'restarted' ? pod : { ...pod, metadata: { ...metadata, name: 'not a name' } };
}

const lines = fc.oneof(
  { weight: 6, arbitrary: pods.map((pod) => JSON.stringify(objectOf(pod))) },
  {
    weight: 2,
    arbitrary: pods.map((pod) => JSON.stringify({ type: 'MODIFIED', object: objectOf(pod) })),
  },
  { weight: 1, arbitrary: fc.array(pods, { maxLength: 3 }).map((list) => JSON.stringify(listOf(list))) },
  // Truncated: with and without the termination.
  {
    weight: 1,
    arbitrary: fc.tuple(pods, fc.double({ min: 0, max: 1, noNaN: true })).map(([pod, part]) => {
      const text = JSON.stringify(objectOf(pod));
      return text.slice(0, Math.floor(text.length * part));
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('', ' \t', 'a log line', '{"terminated"', '{"level":"info"}', '\u{1f980}'),
  },
);

function listOf(items: readonly PodForm[]): object {
  return { kind: 'List', apiVersion: 'v1', items: items.map(objectOf) };
}

const texts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        lines: fc.array(lines, { maxLength: 30 }),
        mark: fc.constantFrom('', '\ufeff'),
        ending: fc.constantFrom('\n', '\r\n'),
        last: fc.boolean(),
      })
      .map(({ lines, mark, ending, last }) => `${mark}${lines.join(ending)}${last ? ending : ''}`),
  },
  { weight: 1, arbitrary: fc.array(pods).map((items) => JSON.stringify(listOf(items), null, 4)) },
  { weight: 1, arbitrary: fc.array(pods, { maxLength: 4 }).map((items) => stringify(listOf(items))) },
);

const compressions = { none: Buffer.from, gzip: gzipSync, zstd: zstdCompressSync };

const files = fc.record({
  text: texts,
  compression: fc.constantFrom<keyof typeof compressions>('none', 'none', 'none', 'gzip', 'zstd'),
  /** Bytes that are missing at the end. */
  missing: fc.constantFrom(0, 0, 0, 1, 20),
  expected: fc.boolean(),
});

type File = typeof files extends fc.Arbitrary<infer Form> ? Form : never;

/** All that a replay does, in its order. It ends after so many steps. */
async function stepsOf(given: readonly File[], threadFrom: number, mostSteps: number) {
  const steps: object[] = [];
  const paths = given.map(({ text, compression, missing }, index) => {
    const bytes = compressions[compression](text);
    return folder.write(`file-${index}`, bytes.subarray(0, bytes.length - missing));
  });
  const { signal } = new AbortController();
  let handled = 0;
  const counts = await replay(
    paths.map((path, index) => ({ path, size: 1, named: true, expected: given[index]?.expected ?? true })),
    {
      recordsOf: (file, onBytes) => fileRecords(file, { onBytes, signal, threadFrom }),
      selection: createSelection({}, { nowSeconds: 0, zone: localZone }),
      sink: {
        async take({ restarts, object }) {
          handled += 1;
          steps.push({ taken: restarts.map(identityOf), object: JSON.stringify(object).length });
          if (restarts.some(({ pod }) => pod === 'checkout-7')) throw refusal;
        },
      },
      retryThroughOutage: (work) => work(),
      retention: { seconds: Infinity },
      nowSeconds: () => 0,
      isEnding: () => handled >= mostSteps,
      onRefused({ where, failure, text }) {
        handled += 1;
        steps.push({ refused: where, kind: failure.kind, message: failure.message, text });
      },
      onProgress: (bytes, records) => steps.push({ bytes, records }),
    },
  );
  return { counts, steps };
}

const refusal = new LedgerError('sink-refused', {
  operation: 'sending',
  subject: 'the restart',
  fact: 'it is not accepted',
  remedy: 'none',
});

test('a replay does the same, step by step, whether its files are read in a thread of their own or not', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(files, { minLength: 1, maxLength: 2 }),
      fc.oneof(fc.constant(Infinity), fc.nat(20)),
      async (given, mostSteps) => {
        const threaded = await stepsOf(given, 0, mostSteps);
        assert.deepEqual(threaded, await stepsOf(given, Infinity, mostSteps));
        for (const step of threaded.steps) kinds.add(Object.keys(step)[0] ?? '');
      },
    ),
    { numRuns: 40 },
  );
  assert.deepEqual([...kinds].toSorted(), ['bytes', 'refused', 'taken']);
});
