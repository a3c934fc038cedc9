import type { Plugin } from 'esbuild';
import { browserCode } from '../lib/timeline/browser-code.ts';

/** Puts the browser's part of the timeline into the programs as text, in the place of the module that bundles it. */
export const inlineBrowserCode: Plugin = {
  name: 'inline-browser-code',
  setup({ onLoad }) {
    onLoad({ filter: /\/lib\/timeline\/browser-code\.ts$/ }, async () => {
      const code = JSON.stringify(await browserCode());
      return { contents: `const code = ${code};\nexport async function browserCode() { return code; }\n` };
    });
  },
};
