import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createProgress } from '../../../lib/cli/output/progress.ts';

/** A stream that keeps what is written to it, and a clock that is set by hand. */
function started({ quiet = false, total }: { readonly quiet?: boolean; readonly total?: number } = {}) {
  let now = 0;
  let written = '';
  const stream = new PassThrough().setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const progress = createProgress({
    stream: Object.assign(stream, { isTTY: false }),
    quiet,
    total,
    nowMilliseconds: () => now,
  });
  return {
    progress,
    written: () => written,
    at: (milliseconds: number) => {
      now = milliseconds;
    },
  };
}

test('without a terminal, the progress is a line every five seconds', () => {
  const { progress, written, at } = started({ total: 200e6 });
  progress.advance(50e6, 1000);
  at(4999);
  progress.advance(10e6, 2000);
  assert.equal(written(), '');
  at(5000);
  progress.advance(20e6, 3000);
  at(9000);
  progress.advance(20e6, 4000);
  at(10_000);
  progress.advance(20e6, 6000);
  progress.end();
  assert.equal(
    written(),
    '80.0 MB of 200.0 MB read, 3000 records, 600/s\n120.0 MB of 200.0 MB read, 6000 records, 600/s\n',
  );
});

test('an unknown size is left out', () => {
  const { progress, written, at } = started();
  at(5000);
  progress.advance(20e6, 10);
  at(11_000);
  progress.advance(20e6, 1);
  assert.equal(written(), '20.0 MB read, 10 records, 2/s\n40.0 MB read, 1 record, 0/s\n');
});

test('quiet writes no progress', () => {
  const { progress, written, at } = started({ quiet: true, total: 10 });
  at(60_000);
  progress.advance(10, 10);
  progress.end();
  assert.equal(written(), '');
});
