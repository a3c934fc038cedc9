import { LedgerError } from '../errors.ts';
import { parseJson } from './json.ts';

/** One JSON value of a text, or why it could not be parsed, with the line that it starts at (the first is 1). */
export type Document =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly failure: LedgerError };

/**
 * The JSON values of a text: the one that it is as a whole, else one for each line that is not blank (NDJSON).
 * A broken line does not keep the others from being read.
 */
export function* readDocuments(text: string): Generator<Document> {
  const whole = parse(text, 1);
  const lines = text.split('\n');
  if ('value' in whole || !lines.some(holdsObject)) {
    yield whole;
    return;
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') yield parse(line, index + 1);
  }
}

/** Tells NDJSON with a broken line from one broken document, whose single lines are no objects. */
function holdsObject(line: string): boolean {
  const document = line.startsWith('{') ? parse(line, 0) : undefined;
  return document !== undefined && 'value' in document;
}

function parse(text: string, line: number): Document {
  try {
    return { line, value: parseJson(text, 'the document') };
  } catch (failure) {
    if (failure instanceof LedgerError) return { line, failure };
    throw failure;
  }
}
