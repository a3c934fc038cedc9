/**
 * Finds where one of a few short marks may start, in 16 bytes at a time and for all marks in one pass, by the vector
 * instructions that WebAssembly has: what `indexOf` finds fast only where the first byte of a mark is rare.
 *
 * The module is assembled here: one function of a loop, too small for a compiler beside it.
 * Source of the encoding: https://webassembly.github.io/spec/core/binary/index.html
 */
export interface MarkScan {
  /** The memory that is scanned. */
  readonly memory: ArrayBuffer;
  /**
   * The first of the positions `from`, `from + step`, … in the memory where a mark may start in the next `step` bytes; `stop`
   * or more where there is none before. The scan reads up to {@link margin} bytes beyond.
   */
  next(from: number, stop: number): number;
}

/** What is used of it: the types of Node.js have no value of this name. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** The bytes of a vector. */
export const step = 16;

/** Bytes: as many as a vector that starts where the longest mark ends. */
export const margin = 128 + step;

const page = 64 * 1024;

/** Value types. */
const [i32, v128] = [0x7f, 0x7b];
const local = { get: (index: number) => [0x20, index], set: (index: number) => [0x21, index] };
const [loop, branchIf, ifThen, endBlock, giveBack] = [[0x03, 0x40], [0x0d], [0x04, 0x40], [0x0b], [0x0f]];
const [constant, add, less] = [[0x41], [0x6a], [0x48]];
const [splat, equal, and, or, anyTrue] = [
  [0xfd, 0x0f],
  [0xfd, 0x23],
  [0xfd, 0x4e],
  [0xfd, 0x50],
  [0xfd, 0x53],
];
/** Loads a vector at an address beyond the one on the stack. */
const load = (beyond: number) => [0xfd, 0x00, 0x00, beyond];

/**
 * Compiles a scan of so many bytes for marks of 2 to 127 bytes in ASCII; `undefined` where the machine or a flag of Node.js does not allow
 * it. Of a mark only the first and the last byte are compared: what is found may be none.
 */
export function createMarkScan(marks: readonly Buffer[], size: number): MarkScan | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((size + margin) / page) });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(marks)), {
      m: { m: memory },
    });
    const { next } = exports;
    if (typeof next !== 'function') return undefined;
    return { memory: memory.buffer, next: (from, stop) => Number(next(from, stop)) };
  } catch {
    return undefined;
  }
}

const from = 0;
const stop = 1;

function moduleOf(marks: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const ends = marks.map((mark, index) => ({
    /** The locals that hold a vector of the mark's first byte, and of its last one. */
    first: 2 + 2 * index,
    last: 3 + 2 * index,
    distance: mark.length - 1,
  }));
  const vectors = marks.flatMap((mark, index) => [
    ...[...constant, ...signed(mark.at(0) ?? 0), ...splat, ...local.set(2 + 2 * index)],
    ...[...constant, ...signed(mark.at(-1) ?? 0), ...splat, ...local.set(3 + 2 * index)],
  ]);
  const isAt = (vector: number, distance: number) => [
    ...[...local.get(from), ...load(distance), ...local.get(vector), ...equal],
  ];
  const anyMark = ends.flatMap(({ first, last, distance }, index) => [
    ...[...isAt(first, 0), ...isAt(last, distance), ...and, ...(index > 0 ? or : [])],
  ]);
  const code = [
    ...[1, 2 * marks.length, v128],
    ...vectors,
    ...loop,
    ...[...anyMark, ...anyTrue, ...ifThen, ...local.get(from), ...giveBack, ...endBlock],
    ...[...local.get(from), ...constant, step, ...add, ...local.set(from)],
    ...[...local.get(from), ...local.get(stop), ...less, ...branchIf, 0],
    ...endBlock,
    ...local.get(stop),
    ...endBlock,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 2, i32, i32, 1, i32]),
    ...section(2, [1, ...name('m'), ...name('m'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('next'), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): readonly number[] {
  return [text.length, ...Buffer.from(text)];
}

/** LEB128, of a number below 16,384. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}

/** LEB128 of a byte, whose sign is always 0 in the second byte. */
function signed(byte: number): readonly number[] {
  return [(byte & 0x7f) | 0x80, byte >> 7];
}
