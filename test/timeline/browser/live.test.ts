import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { podEvent, structured } from '../../fixtures/pod-events.ts';
import { crashLoopingPod } from '../../fixtures/pods.ts';
import { accessibilityViolations, openPage, startChromium } from '../../helpers/chromium.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startFunction } from '../../helpers/function-process.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { send } from '../../helpers/send.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';

suite('the live timeline in a browser', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startChromium();
  });
  after(() => browser.close());

  test('of the embedded gateway shows a restart as it is recorded, without a reload', async () => {
    await using ledger = await startFunction({ EMBEDDED_GATEWAY_ADDRESS: '127.0.0.1:0', RETENTION: '0' });
    const gateway = await eventually(() => {
      const line = ledger.logs.find(({ msg }) => msg === 'listening');
      assert.ok(line);
      return String(line['gateway']);
    });
    await using opened = await openPage(browser, gateway);
    const { page, faults } = opened;
    assert.ok(await page.isVisible('text=No restart is on record yet.'));
    await page.evaluate('window.wasLoadedOnce = true');
    const record = async (pod: object) =>
      assert.equal((await send(ledger.url, structured(podEvent(pod)))).status, 204);
    await record(crashLoopingPod());
    await page.locator('.mark').waitFor();
    assert.match(
      (await page.locator('.mark').getAttribute('aria-label')) ?? '',
      /^Error \(1\), checkout of shop\//,
    );
    await page.locator('#lanes').focus();
    await page.keyboard.press('ArrowRight');
    await record(crashLoopingPod({ name: 'cart-0', uid: 'uid-cart' }));
    await eventually(async () => assert.equal(await page.locator('tbody tr').count(), 2));
    assert.deepEqual(await page.locator('#lanes [aria-selected=true]').count(), 1, 'the choice is kept');
    assert.equal(await page.locator('#summary').textContent(), '2 restarts of 2 containers in 1 workload');
    assert.equal(await page.evaluate('window.wasLoadedOnce'), true);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.deepEqual(faults, []);
  });

  test('shows an outage of its source beside what it has, and of its own server, until they end', {
    skip: missing('prometheus-pushgateway'),
  }, async () => {
    await using gateway = await startPushgateway();
    await using proxy = await startTcpProxy(gateway.url);
    const replayed = await runCommand(['replay', 'examples/oom-kill.json', '--pushgateway', gateway.url], {
      RETENTION: '0',
    });
    assert.equal(replayed.code, 0, replayed.stderr);
    await using command = startCommand(['page', '--pushgateway', proxy.url, '--port', '0']);
    const url = await eventually(() => {
      const [, address = ''] = /timeline +(\S+)/.exec(command.stdout()) ?? [];
      assert.notEqual(address, '');
      return address;
    });
    await using opened = await openPage(browser, url);
    const { page } = opened;
    assert.equal(await page.locator('tbody tr').count(), 2);
    proxy.leadTo(undefined);
    await page.locator('#outage').waitFor({ state: 'visible' });
    assert.match(
      (await page.locator('#outage').textContent()) ?? '',
      /Pushgateway.*Since \d\d:\d\d:\d\d UTC; trying again\.$/i,
    );
    assert.equal(await page.locator('tbody tr').count(), 2);
    assert.deepEqual(await accessibilityViolations(page), []);
    proxy.leadTo(gateway.url);
    await page.locator('#outage').waitFor({ state: 'hidden' });
    command.kill('SIGTERM');
    assert.equal((await command.ended).code, 0);
    await page.locator('#server-lost').waitFor({ state: 'visible' });
  });
});
