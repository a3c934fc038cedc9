/** Writes the pictures of the README from what the demo records: `npm run screenshots`. Needs Chromium and `script`. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { startChromium } from '../test/helpers/chromium.ts';
import { startCommand } from '../test/helpers/command.ts';
import { eventually } from '../test/helpers/eventually.ts';
import { runProgram } from '../test/helpers/process.ts';
import { terminalPage } from './terminal-page.ts';

const folder = 'docs/screenshots';

async function shootTimeline(browser: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({
    colorScheme,
    timezoneId: 'UTC',
    viewport: { width: 1240, height: 760 },
  });
  const page = await context.newPage();
  await page.goto(url);
  const mark = page.locator('.mark.memory').last();
  const box = await mark.boundingBox();
  if (box !== null) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('#details').waitFor();
  await page.screenshot({ path: `${folder}/timeline-${colorScheme}.png` });
  await context.close();
}

async function shootTerminal(browser: Browser, name: string, command: string, output: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 200, height: 100 } });
  const page = await context.newPage();
  await page.setContent(terminalPage(command, output));
  await page.locator('main').screenshot({ path: `${folder}/${name}.png`, omitBackground: true });
  await context.close();
}

/** What `history` shows on a terminal, which it colours, without its progress; `script` of util-linux makes one. */
async function onATerminal(gateway: string): Promise<string> {
  const command = `stty cols 96; exec ${process.execPath} lib/cli/main.ts history 2>/dev/null`;
  const environment = { TERM: 'xterm-256color', PUSHGATEWAY_URL: gateway };
  const { code, stdout } = await runProgram(
    'script',
    ['--quiet', '--return', '--command', command, '/dev/null'],
    {
      environment,
    },
  );
  if (code !== 0) throw new Error(`history ended with ${code}: ${stdout}`);
  return stdout.replaceAll('\r', '');
}

mkdirSync(folder, { recursive: true });
await using demo = startCommand(['demo', '--stay']);
const gateway = await eventually(() => {
  const [, url = ''] = /timeline +(\S+)/.exec(demo.stdout()) ?? [];
  if (!demo.stdout().endsWith('Ctrl-C ends it.\n'))
    throw new Error('the demo has not recorded everything yet');
  return url;
});
const browser = await startChromium();
try {
  for (const scheme of ['light', 'dark'] as const) await shootTimeline(browser, gateway, scheme);
  await shootTerminal(browser, 'history', 'restart-ledger history', await onATerminal(gateway));
} finally {
  await browser.close();
}
