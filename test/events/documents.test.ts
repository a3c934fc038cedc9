import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Document, readDocuments } from '../../lib/events/documents.ts';

/** Each document as its line and its value or the start of its message. */
function read(text: string): readonly (readonly [line: number, content: unknown])[] {
  return [...readDocuments(text)].map((document: Document) => [
    document.line,
    'value' in document ? document.value : document.failure.message.slice(0, 44),
  ]);
}

test('a whole document is one, on however many lines', () => {
  assert.deepEqual(read('{\n  "a": {\n    "b": 1\n  }\n}\n'), [[1, { a: { b: 1 } }]]);
});

test('lines are a document each; blank ones and carriage returns do not count', () => {
  assert.deepEqual(read('{"a":1}\r\n\n{"a":2}\n'), [
    [1, { a: 1 }],
    [3, { a: 2 }],
  ]);
});

test('a broken line is told by its number and keeps no other from being read', () => {
  assert.deepEqual(read('{"a":\n{"a":2}\n}\n{"a":4}'), [
    [1, 'parsing the document: Unexpected end of JSON'],
    [2, { a: 2 }],
    [3, "parsing the document: Unexpected token '}', "],
    [4, { a: 4 }],
  ]);
});

test('a broken document on several lines is one failure, not one a line', () => {
  const failures = read('{\n  "items": [\n    {"a": 1},\n  ]\n');
  assert.equal(failures.length, 1);
});

test('an empty text is no document', () => {
  assert.deepEqual(read(''), [[1, 'parsing the document: it is empty; send one ']]);
});
