import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md'),
];

/** As GitHub makes them of headings. */
function anchors(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('every link of the pages leads to a file, and to a heading of it', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)]
      .filter(([, path = '', anchor = '']) => {
        const target = path === '' ? page : join(dirname(page), path);
        return !existsSync(target) || (anchor !== '' && !anchors(target).includes(anchor));
      })
      .map(([link]) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('every path of deploy/ that a page names exists', () => {
  const named = pages.flatMap((page) => [
    ...readFileSync(page, 'utf8').matchAll(/(?:deploy\/)?((?:overlays|components)\/[\w/.-]*\w)/g),
  ]);
  const absent = named
    .map(([, path = '']) => join('deploy', path))
    .filter((path) => !existsSync(path.replace(/\/$/, '')));
  assert.ok(named.length > 5);
  assert.deepEqual(absent, []);
});
