import { quoted, TextFormatError } from './parse-error.ts';

/** A position in one line of text. */
export interface Cursor {
  readonly text: string;
  readonly line: number;
  /** Whether a line end follows the text; the format asks for one after every line. */
  readonly ended: boolean;
  at: number;
}

export function fail(cursor: Cursor, fact: string): never {
  throw new TextFormatError(cursor.line, fact);
}

/** The next character, empty at the line's end; a text that ends there without a line end is invalid. */
export function peek(cursor: Cursor): string {
  if (cursor.at >= cursor.text.length && !cursor.ended) fail(cursor, 'unexpected end of input stream');
  return cursor.text.charAt(cursor.at);
}

export function skipBlanks(cursor: Cursor): void {
  while (/[ \t]/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

/** What the sticky pattern matches here, empty where it does not. */
export function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += match.length;
  return match;
}

/** Text up to the closing quote, unescaped; the cursor is after the opening quote. */
export function takeLabelValue(cursor: Cursor): string {
  let value = '';
  for (;;) {
    value += take(cursor, /[^"\\]*/y);
    const character = cursor.text.charAt(cursor.at);
    if (character === '') {
      peek(cursor);
      fail(cursor, `label value ${quoted(value)} contains unescaped new-line`);
    }
    cursor.at += 1;
    if (character === '"') return value;
    value += unescaped(cursor, '"');
  }
}

/** The rest of the line, unescaped. */
export function takeHelp(cursor: Cursor): string {
  let help = '';
  for (;;) {
    help += take(cursor, /[^\\]*/y);
    if (peek(cursor) === '') return help;
    cursor.at += 1;
    help += unescaped(cursor, '');
  }
}

function unescaped(cursor: Cursor, alsoEscaped: string): string {
  const character = peek(cursor);
  cursor.at += 1;
  if (character === 'n') return '\n';
  if (character === '\\' || (character !== '' && character === alsoEscaped)) return character;
  return fail(cursor, `invalid escape sequence '\\${character === '' ? '\n' : character}'`);
}
