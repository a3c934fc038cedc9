import assert from 'node:assert/strict';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { stringify } from 'yaml';
import { LedgerError } from '../../../lib/errors.ts';
import { decompress, decompressorFor } from '../../../lib/files/decompress.ts';
import { readRecords } from '../../../lib/files/read-records.ts';
import { replay } from '../../../lib/ledger/replay/replay.ts';
import { createSelection } from '../../../lib/ledger/replay/selection.ts';
import { localZone } from '../../../lib/local-zone.ts';
import type { PodObservation } from '../../../lib/restarts/pod-observation.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { files, pods } from '../corpus.ts';
import type { Door } from '../door.ts';

const selection = createSelection({}, { nowSeconds: 0, zone: localZone });

async function* pieces(input: Buffer, choices: readonly number[]): AsyncGenerator<Buffer, void, void> {
  const cuts = choices.map((choice) => choice % (input.length + 1)).toSorted((one, other) => one - other);
  for (const [index, cut] of [...cuts, input.length].entries()) {
    // A chunk is overwritten after it was read.
    const chunk = Buffer.from(input.subarray(cuts[index - 1] ?? 0, cut));
    if (chunk.length === 0) continue;
    yield chunk;
    chunk.fill(0);
  }
}

async function* chunks(input: Buffer, choices: readonly number[]): AsyncGenerator<Buffer, void, void> {
  const create = decompressorFor(input);
  yield* create === undefined ? pieces(input, choices) : decompress(pieces(input, choices), create);
}

/** What a replay needs beside the file. */
export function replayInto(take: (restarts: readonly Restart[]) => void) {
  return {
    selection,
    sink: {
      async take({ restarts }: PodObservation) {
        take(restarts);
      },
    },
    retryThroughOutage: <T>(work: () => Promise<T>) => work(),
    retention: { seconds: Number.POSITIVE_INFINITY },
    nowSeconds: () => 0,
    isEnding: () => false,
    onRefused: () => {},
    onProgress: () => {},
  };
}

async function outcomeOf(input: Buffer, choices: readonly number[]) {
  const failures: LedgerError[] = [];
  const counts = await replay([{ path: 'file', size: input.length, named: true, expected: true }], {
    ...replayInto(() => {}),
    recordsOf: ({ expected }) => readRecords(chunks(input, choices), expected),
    onRefused: ({ failure }) => failures.push(failure),
  });
  assert.equal(counts.refused.length, failures.length);
  for (const failure of failures) assert.ok(failure instanceof LedgerError);
  return failures.length === 0 ? 'accepted' : 'refused';
}

/** A file that replay reads, in pieces: whatever is in it, the replay ends and names what it refuses. */
export const fileDoor: Door = {
  name: 'file: JSON, lines, audit log',
  share: 8,
  corpus: files,
  take: outcomeOf,
};

export const yamlDoor: Door = {
  name: 'file: YAML',
  share: 1,
  corpus: [
    Buffer.from(pods.map((pod) => stringify(pod)).join('---\n')),
    Buffer.from(stringify({ kind: 'List', items: pods })),
  ],
  take: outcomeOf,
};

export const compressedDoor: Door = {
  name: 'file: gzip, zstd',
  share: 1,
  corpus: files.flatMap((file) => [
    gzipSync(file),
    zstdCompressSync(file),
    Buffer.concat([gzipSync(file), gzipSync(file)]),
  ]),
  take: outcomeOf,
};
