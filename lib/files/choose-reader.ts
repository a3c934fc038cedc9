import { createJsonReader } from './json-reader.ts';
import { createLineReader } from './line-reader.ts';
import type { RecordReader } from './raw-record.ts';
import { createYamlReader } from './yaml-reader.ts';

/**
 * The reader for a file that starts with `head`, told by its content: JSON in lines when one of the first lines is a
 * whole object, JSON on any lines when it starts with a bracket, else YAML.
 */
export function chooseReader(head: Buffer): RecordReader {
  const text = head.toString('utf8');
  if (!/^\s*[{[]/.test(text)) return createYamlReader();
  return text.split('\n').some(isObjectLine) ? createLineReader() : createJsonReader();
}

/** Whether the first line that says something could be one of JSON or of a YAML mapping or list. */
export function looksLikeData(head: Buffer): boolean {
  const [, first = ''] = /^(?:\s*(?:#.*)?\n)*(.*)/.exec(head.toString('utf8')) ?? [];
  return /^\s*[{[]|^---|^[\w."'/-]+:(?:\s|$)|^- /.test(first);
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
