import { readFileSync } from 'node:fs';

/** How the image sets Node.js and malloc: what is measured runs as it does there. */
export const imageEnvironment: Readonly<Record<string, string>> = settingsIn(
  readFileSync('Dockerfile', 'utf8'),
);

function settingsIn(dockerfile: string): Readonly<Record<string, string>> {
  const [, settings = ''] = /^ENV (.*\bNODE_OPTIONS=.*)$/m.exec(dockerfile) ?? [];
  const pairs = settings.matchAll(/(\w+)=(\S+)/g);
  return Object.fromEntries(Array.from(pairs, ([, name = '', value = '']) => [name, value]));
}
