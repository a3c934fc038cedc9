import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../../lib/cli/output/printable.ts';

const codePoints = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('every control character, bidirectional mark and line separator is escaped', () => {
  const escaped = [
    ...codePoints(0, 0x1f),
    ...codePoints(0x7f, 0x9f),
    0x61c,
    ...codePoints(0x200e, 0x200f),
    ...codePoints(0x2028, 0x2029),
    ...codePoints(0x202a, 0x202e),
    ...codePoints(0x2066, 0x2069),
  ];
  assert.deepEqual(
    codePoints(0, 0x10ffff).filter((each) => printable(String.fromCodePoint(each)).length > 2),
    escaped.filter((each) => each !== 0x0a),
  );
});

test('a line feed is written as \\n, all others with their code point', () => {
  assert.equal(
    printable('\u001b]0;owned\u0007 a\nb \u009b31m \u202egnp.exe 日本 é 😀 C:\\dir'),
    '\\u{1b}]0;owned\\u{7} a\\nb \\u{9b}31m \\u{202e}gnp.exe 日本 é 😀 C:\\dir',
  );
});
