import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readableDuration } from '../../lib/timeline/readable-duration.ts';
import { shortImage } from '../../lib/timeline/short-image.ts';
import { timelinePage } from '../../lib/timeline/timeline-page.ts';
import { manyRestarts } from '../fixtures/many-restarts.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const about = { title: 'Container restarts', source: 'a test', readAt: 1_763_640_000 };

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

test('a report of 1,000 restarts is a file of at most 300 kB that names no other', async () => {
  const { html } = await timelinePage({ restarts: manyRestarts(1000), ...about });
  assert.ok(Buffer.byteLength(html) <= 300_000, `${Buffer.byteLength(html)} bytes`);
  assert.ok(!/\b(?:src|srcset|action)=|@import|url\(/.test(html.slice(0, html.indexOf('<script>'))));
  assert.deepEqual(
    [...html.matchAll(/href="([^:"]*)/g)].map(([, scheme]) => scheme),
    ['data'],
  );
});

test('the policy lets the script and the style of the page run, and nothing else', async () => {
  const { html, policy } = await timelinePage({ restarts: [knownRestart], ...about });
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const script = hash(between(html, '<script>', '</script>'));
  const style = hash(between(html, '<style>', '</style>'));
  assert.equal(
    policy,
    `default-src 'none'; script-src ${script}; style-src ${style}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  );
  assert.ok(html.includes(policy.replace("; frame-ancestors 'self'", '').replaceAll("'", '&#39;')));
});

test('the table shows each restart, the latest first, by day', async () => {
  const earlier = { ...knownRestart, ordinal: 4, finishedAt: 1_763_500_000, startedAt: 1_763_499_955 };
  const { html } = await timelinePage({ restarts: [lostRestart, earlier, knownRestart], ...about });
  const days = between(html, '<div id="days">', '</div>')
    .split('<section class="day">')
    .slice(1)
    .map((day) => [
      between(day, '<h3>', '</h3>'),
      ...between(day, '<tbody>', '</tbody>').split('<tr>').slice(1),
    ]);
  const pod = '<td>checkout-7d4b9c6f5-x2x9k<td>checkout';
  assert.deepEqual(days, [
    [
      'Thursday, 20 November 2025',
      `<td>10:00:02<td>shop/checkout${pod}<td>5<td>OOMKilled<td>137<td>2m<td>worker-2<td>shop/checkout:2.14.0`,
    ],
    [
      'Tuesday, 18 November 2025',
      `<td>21:06:40<td>shop/checkout${pod}<td>4<td>OOMKilled<td>137<td>45s<td>worker-2<td>shop/checkout:2.14.0`,
    ],
    [
      'At an unknown time',
      `<td><td>shop/checkout-7d4b9c6f5-x2x9k${pod}<td>1<td>ContainerStatusUnknown<td>137<td><td><td>`,
    ],
  ]);
});

test('no markup of a Pod gets into the document', async () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&<!--`;
  const restart = {
    ...knownRestart,
    pod: hostile,
    reason: hostile,
    image: hostile,
    node: hostile,
    workload: hostile,
  };
  const { html } = await timelinePage({ restarts: [restart], ...about, title: hostile, source: hostile });
  const own = await timelinePage({ restarts: [], ...about });
  const tags = (text: string) =>
    [...text.slice(0, text.indexOf('<script>')).matchAll(/<(?:script|img|!--)/g)].length;
  assert.equal(tags(html), tags(own.html));
  assert.equal(html.split('</script>').length, own.html.split('</script>').length);
});

test('an image is shortened to what tells it apart', () => {
  assert.deepEqual(
    [
      'registry.example.com/shop/checkout:2.14.0',
      'localhost/a:1',
      'host:5000/a',
      'library/postgres',
      'postgres:17',
      `ghcr.io/a/b@sha256:${'0123456789abcdef'.repeat(4)}`,
    ].map(shortImage),
    ['shop/checkout:2.14.0', 'a:1', 'a', 'library/postgres', 'postgres:17', 'a/b@sha256:0123456789ab'],
  );
});

test('a duration is shown by its two largest units', () => {
  assert.deepEqual([undefined, 0, 45, 60, 3605, 3660, 93_784, -5].map(readableDuration), [
    '',
    '0s',
    '45s',
    '1m',
    '1h',
    '1h 1m',
    '1d 2h',
    '-5s',
  ]);
});
