import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The time at which the examples are recorded: an hour after the last event of `examples/`. Unix seconds. */
export const examplesRecordedAt = Date.parse('2026-11-20T15:00:00Z') / 1000;

/**
 * Writes `examples/*.json` into a folder with all their times moved by whole seconds, so that a query for
 * "the last hour" has a result on any day. Returns the files.
 */
export function writeShiftedExamples(folder: string, seconds: number): readonly string[] {
  return globSync('examples/*.json').map((path) => {
    const shifted = join(folder, basename(path));
    writeFileSync(shifted, shiftTimes(readFileSync(path, 'utf8'), seconds));
    return shifted;
  });
}

function shiftTimes(text: string, seconds: number): string {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) =>
    new Date(Date.parse(time) + seconds * 1000).toISOString().replace('.000Z', 'Z'),
  );
}
