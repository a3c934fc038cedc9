/** Writes the pictures of the README from what the demo records: `npm run screenshots`. Needs Chromium. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { startChromium } from '../test/helpers/chromium.ts';
import { startCommand } from '../test/helpers/command.ts';
import { eventually } from '../test/helpers/eventually.ts';
import { terminalPage } from './terminal-page.ts';

const folder = 'docs/screenshots';

async function shootTimeline(browser: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1240, height: 760 } });
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
  const recorded = demo.stdout().replace(/\nCtrl-C ends it\.\n$/, '\n');
  await shootTerminal(browser, 'demo', 'npm run demo', recorded);
} finally {
  await browser.close();
}
