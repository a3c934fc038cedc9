import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../lib/errors.ts';
import type { RawRecord, RecordBatch } from '../../lib/files/raw-record.ts';
import { createPack, packFailure, unpackBatch, unpackFailure } from '../../lib/files/record-messages.ts';

const podList = { kind: 'PodList', apiVersion: 'v1' };

function record(line: number, text: string, fields: Partial<RawRecord> = {}): RawRecord {
  return { line, bytes: Buffer.from(text), isTooLarge: false, format: 'json', list: undefined, ...fields };
}

function batch(records: readonly RawRecord[], lists: readonly string[] = []): RecordBatch {
  return { records, lists: lists.map((text) => Buffer.from(text)), skipped: { pods: 3, others: 1 } };
}

const first = batch([record(1, '{"a":1}'), record(4, 'é', { isTooLarge: true })], ['{"items":[]}']);
const second = batch([record(5, 'kind: Pod', { format: 'yaml', list: podList })]);

test('batches come out of a block as they were put in, each with the bytes that were read for it', () => {
  const pack = createPack(new SharedArrayBuffer(100));
  assert.deepEqual([pack.add(first, 10), pack.add(second, 20), pack.add(batch([]), 30)], [true, true, true]);
  const { block, batches } = structuredClone(pack.packed);
  assert.deepEqual(
    batches.map(({ read }) => read),
    [10, 20, 30],
  );
  assert.deepEqual(
    batches.map((each) => unpackBatch(each, block)),
    [first, second, batch([])],
  );
});

test('a batch is not added where the rest of the block is too small; the first one takes a larger block', () => {
  const small = new SharedArrayBuffer(20);
  const pack = createPack(small);
  assert.deepEqual([pack.add(second, 1), pack.add(first, 2), pack.add(second, 3)], [true, false, true]);
  assert.equal(pack.packed.block, small);
  const other = createPack(small);
  assert.equal(other.add(first, 1), true);
  assert.equal(other.packed.block.byteLength, 21);
  assert.deepEqual(
    other.packed.batches.map((each) => unpackBatch(each, other.packed.block)),
    [first],
  );
});

test('the errors that a file can cause keep what they are known by', () => {
  const parts = { operation: 'reading', subject: 'the file', fact: 'it is binary', remedy: 'give JSON' };
  const invalid = new LedgerError('invalid-input', parts);
  const absent = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', errno: -2 });
  for (const error of [invalid, absent]) {
    const packed = packFailure(error);
    assert.ok(packed);
    const { stack: _, ...expected } = { ...error, message: error.message };
    const unpacked = unpackFailure(structuredClone(packed));
    assert.deepEqual({ ...unpacked, message: unpacked.message }, expected);
    assert.equal(unpacked.constructor, error.constructor);
  }
  assert.equal(packFailure(new TypeError('a bug')), undefined);
});
