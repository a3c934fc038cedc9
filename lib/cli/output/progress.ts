import { Presets, SingleBar } from 'cli-progress';
import { counted } from '../../counted.ts';

/** Shows the progress of a replay. */
export interface Progress {
  /** So many more bytes, and so many records in all. */
  advance(bytes: number, records: number): void;
  end(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly quiet: boolean;
  /** Bytes of all files; `undefined` when unknown. */
  readonly total: number | undefined;
  /** A monotonic clock. */
  readonly nowMilliseconds: () => number;
}

const lineInterval = 5000;

/** A bar on a terminal, a plain line every few seconds where there is none, nothing when it should be quiet. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { advance: () => {}, end: () => {} };
  return options.stream.isTTY && options.total !== undefined
    ? createBar(options, options.total)
    : createLines(options);
}

function createBar({ stream, nowMilliseconds }: ProgressOptions, total: number): Progress {
  const format = '{bar} {percentage}% of {size} | {records}, {rate}/s | {eta_formatted} left';
  const bar = new SingleBar(
    { stream, format, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  const start = nowMilliseconds();
  bar.start(total, 0, { size: megabytes(total), records: counted(0, 'record'), rate: 0 });
  return {
    advance(bytes, records) {
      bar.increment(bytes, {
        records: counted(records, 'record'),
        rate: Math.round(records / secondsSince(start, nowMilliseconds)),
      });
    },
    end: () => bar.stop(),
  };
}

function createLines({ stream, total, nowMilliseconds }: ProgressOptions): Progress {
  const start = nowMilliseconds();
  let lastWritten = start;
  let read = 0;
  return {
    advance(bytes, records) {
      read += bytes;
      if (nowMilliseconds() - lastWritten < lineInterval) return;
      lastWritten = nowMilliseconds();
      const of = total === undefined ? '' : ` of ${megabytes(total)}`;
      const rate = Math.round(records / secondsSince(start, nowMilliseconds));
      stream.write(`${megabytes(read)}${of} read, ${counted(records, 'record')}, ${rate}/s\n`);
    },
    end: () => {},
  };
}

function secondsSince(start: number, nowMilliseconds: () => number): number {
  return Math.max(nowMilliseconds() - start, 1) / 1000;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Shows how much of a read is done, from 0 to 1, on a terminal alone. */
export interface PartProgress {
  show(part: number): void;
  end(): void;
}

export function createPartProgress(
  stream: ProgressOptions['stream'],
  { quiet }: Pick<ProgressOptions, 'quiet'>,
): PartProgress {
  if (quiet || !stream.isTTY) return { show: () => {}, end: () => {} };
  const format = '{bar} {percentage}% | {eta_formatted} left';
  const bar = new SingleBar(
    { stream, format, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(1, 0);
  return { show: (part) => bar.update(part), end: () => bar.stop() };
}
