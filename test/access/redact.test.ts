import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urlSecrets } from '../../lib/access/basic-authentication.ts';
import { redact, secretForms } from '../../lib/access/redact.ts';

const secrets = urlSecrets(new URL('https://me:p%40%22s%26s%20word@gateway/'));
const base64 = Buffer.from('me:p@"s&s word').toString('base64');

const cases: readonly (readonly [text: string, redacted: string])[] = [
  ['nothing to hide', 'nothing to hide'],
  [`Authorization: Basic ${base64}`, 'Authorization: Basic ***'],
  ['the password p@"s&s word of me', 'the password *** of me'],
  ['https://me:p%40%22s%26s%20word@gateway/', 'https://me:***@gateway/'],
  ['{"password":"p@\\"s&s word"}', '{"password":"***"}'],
  ['<p>p@&#34;s&amp;s word</p>', '<p>***</p>'],
  [`cut: ${base64.slice(0, 9)}`, 'cut: ***'],
  ['cut: p@"s&s', 'cut: ***'],
];

for (const [text, redacted] of cases) {
  test(`${text} reads ${redacted}`, () => {
    assert.equal(redact(text, secrets), redacted);
  });
}

test('a URL without credentials has no secrets, and an empty secret hides nothing', () => {
  assert.deepEqual(urlSecrets(new URL('https://gateway/')), []);
  assert.deepEqual(secretForms(['']), []);
});
