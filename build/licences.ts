import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const licenceFile = /^(licen[cs]e|notice|copying)/i;

/**
 * The licences and notices of packages, as they must accompany copies of them; of a package that brings no text, the text of
 * the licence that its manifest names, from `build/licences/`.
 *
 * @param folders Where the packages are installed.
 * @throws Error for a package without a licence.
 */
export function licenceTexts(folders: readonly string[]): string {
  const line = '='.repeat(80);
  return folders.map((folder) => `${line}\n${licenceText(folder)}\n`).join('\n');
}

function licenceText(folder: string): string {
  const { name, version, license }: Record<string, unknown> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const kept = join(import.meta.dirname, 'licences', `${String(name).replace('/', '+')}.txt`);
  if (texts.length === 0 && existsSync(kept)) texts.push(readFileSync(kept, 'utf8').trim());
  if (texts.length === 0) throw new Error(`${folder} holds no licence`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}
