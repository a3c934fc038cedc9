import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const licenceFile = /^(licen[cs]e|notice|copying)/i;

/**
 * The licences and notices of packages, as they must accompany copies of them.
 *
 * @param folders Where the packages are installed.
 * @throws Error for a package that neither brings its licence nor names MIT as it.
 */
export function licenceTexts(folders: readonly string[]): string {
  const line = '='.repeat(80);
  return folders.map((folder) => `${line}\n${licenceText(folder)}\n`).join('\n');
}

function licenceText(folder: string): string {
  const { name, version, license, author }: Record<string, unknown> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0 && license === 'MIT' && typeof author === 'string') texts.push(mitLicence(author));
  if (texts.length === 0) throw new Error(`${folder} holds no licence`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** For a package that names the licence and its holder in the manifest alone. Source: https://opensource.org/license/mit */
function mitLicence(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
