import { type Setting, settings } from '../lib/config/settings.ts';

/** The page that lists every setting, as the code defines it. */
export function configurationPage(): string {
  const rows = Object.values<Setting<unknown>>(settings).map(({ name, fallback, form, summary }) =>
    [`\`${name}\``, fallback === '' ? '' : `\`${fallback}\``, cell(form), cell(summary)].join(' | '),
  );
  return `\
# Settings

All are environment variables; one that is empty counts as not set. One that cannot be used ends the start, and the
message names every such one. This page is written by \`npm run docs\` from
[\`lib/config/settings.ts\`](../lib/config/settings.ts).

| variable | default | what it can be | meaning |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
