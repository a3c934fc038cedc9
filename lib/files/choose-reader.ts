import { LedgerError } from '../errors.ts';
import { createJsonReader } from './json-reader.ts';
import { createLineReader } from './line-reader.ts';
import type { RecordReader } from './raw-record.ts';
import { createYamlReader } from './yaml-reader.ts';

/**
 * The reader for a file that starts with `head`, by its content: JSON in lines when most of the first lines are
 * whole objects, JSON on any lines when it starts with a bracket, else YAML.
 *
 * @throws LedgerError `invalid-input` when it is not text in UTF-8.
 */
export function chooseReader(head: Buffer): RecordReader {
  const text = head.toString('utf8');
  if (mostAreObjects(text.split('\n'))) return createLineReader();
  if (/^\s*[{[]/.test(text)) return createJsonReader();
  if (head.includes(0)) throw notText(head);
  return createYamlReader();
}

/** YAML has no zero byte: https://yaml.org/spec/1.2.2/#51-character-set */
function notText(head: Buffer): LedgerError {
  // Windows PowerShell writes `kubectl get pods -o json > file` in UTF-16.
  const isUtf16 = ['fffe', 'feff'].includes(head.subarray(0, 2).toString('hex'));
  return new LedgerError('invalid-input', {
    operation: 'reading',
    subject: 'the file',
    fact: isUtf16 ? 'its text is in UTF-16' : 'it is binary, and not compressed by gzip or zstd',
    remedy: `give JSON or YAML${isUtf16 ? ' in UTF-8' : ''}, as kubectl get pods -o json writes it`,
  });
}

/** Whether a file starts as JSON does, or as YAML with one of the top-level fields of a supported form. */
export function looksLikeData(head: Buffer): boolean {
  const text = head.toString('utf8').replace(/^(?:\s*(?:#[^\n]*)?\n)*/, '');
  return (
    startsLikeJson(text) ||
    /^(?:---|(?:- )?["']?(?:apiVersion|kind|metadata|items|spec|status|type|object|specversion)["']?:)/.test(
      text,
    )
  );
}

/** A bracket followed by what JSON allows there; a log line with its level in brackets is not. */
export function startsLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[\]{["]|$))/.test(text);
}

/** The last line may be truncated: it counts only when it is whole. */
function mostAreObjects(lines: readonly string[]): boolean {
  let whole = 0;
  let others = 0;
  for (const [index, line] of lines.entries()) {
    if (isObjectLine(line)) whole += 1;
    else if (index < lines.length - 1 && line.trim() !== '') others += 1;
    // The rest cannot change it: most files are decided when half of the lines have been parsed.
    if (whole > lines.length / 2) return true;
  }
  return whole > others;
}

function isObjectLine(line: string): boolean {
  if (!line.startsWith('{') || !/\}\s*$/.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
