import { stripVTControlCharacters } from 'node:util';
import { escapeHtml } from '../lib/timeline/html.ts';

/** What `styleText` of Node.js uses: https://nodejs.org/api/util.html#modifiers */
const styles: Readonly<Record<string, string>> = {
  '1': 'bold',
  '2': 'gray',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '34': 'blue',
  '35': 'magenta',
  '36': 'cyan',
  '90': 'gray',
};

const ends: Readonly<Record<string, readonly string[]>> = {
  '0': Object.values(styles),
  '22': ['bold', 'gray'],
  '39': ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'gray'],
};

/** A command and its output as a terminal shows them, in HTML. */
export function terminalPage(command: string, output: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: transparent; }
main { width: max-content; padding: 16px 22px 18px; border-radius: 10px; background: #171b21; color: #d7dce4; font: 13px/1.5 "DejaVu Sans Mono", monospace; }
pre { margin: 0; font: inherit; }
.prompt { color: #4fd1a5; } .command, .bold { color: #fff; font-weight: 700; }
.red { color: #ff8a7a; } .green { color: #4fd1a5; } .yellow { color: #e6b93c; } .blue { color: #79b0ff; }
.magenta { color: #f08ccb; } .cyan { color: #63c9ea; } .gray { color: #8b95a5; }
</style><main><pre><span class="prompt">$</span> <span class="command">${escapeHtml(command)}</span>
${coloured(output.trimEnd())}</pre></main>`;
}

/** The escape character, which begins every style. */
const controlStart = String.fromCharCode(27);

function coloured(output: string): string {
  const active = new Set<string>();
  const parts = output.split(new RegExp(`${controlStart}\\[([\\d;]*)m`));
  return parts
    .map((part, index) => {
      if (index % 2 === 0) {
        const text = escapeHtml(stripVTControlCharacters(part));
        return active.size === 0 ? text : `<span class="${[...active].join(' ')}">${text}</span>`;
      }
      for (const code of part === '' ? ['0'] : part.split(';')) {
        for (const ended of ends[code] ?? []) active.delete(ended);
        const style = styles[code];
        if (style !== undefined) active.add(style);
      }
      return '';
    })
    .join('');
}
