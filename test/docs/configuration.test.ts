import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configurationPage } from '../../docs/configuration-page.ts';

test('docs/configuration.md is the output of npm run docs: every setting, with its default and its meaning', () => {
  assert.equal(readFileSync('docs/configuration.md', 'utf8'), configurationPage());
});
