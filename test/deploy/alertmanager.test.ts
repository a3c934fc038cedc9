import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { containerStatus, type JsonObject, podObject, termination } from '../fixtures/pods.ts';
import { runCommand } from '../helpers/command.ts';
import { eventually } from '../helpers/eventually.ts';
import { type StubRequest, startHttpStub } from '../helpers/http-stub.ts';
import { queryInstant } from '../helpers/prometheus-query.ts';
import { missing, startAlertmanager, startPrometheus, startPushgateway } from '../helpers/real-services.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { listAt, textAt, valueAt } from '../helpers/value-at.ts';

const shipped = 'deploy/alertmanager/alertmanager.yaml';
const runbooks = 'https://github.com/restart-ledger/restart-ledger/blob/main/docs/runbooks';

function amtool(...parameters: readonly string[]): string {
  return execFileSync('amtool', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test('amtool accepts the configuration and its template', { skip: missing('amtool') }, () => {
  assert.match(amtool('check-config', shipped), /1 templates\n {2}SUCCESS/);
});

test('alerts on containers go to Slack, those on the ledger itself to the webhook', {
  skip: missing('amtool'),
}, () => {
  const rules: unknown = parse(readFileSync('deploy/prometheus/rules.yaml', 'utf8'));
  const routes = listAt(rules, 'groups')
    .flatMap((group) => listAt(group, 'rules'))
    .filter((rule) => textAt(rule, 'alert') !== '')
    .map((rule) => {
      const labels = [`alertname=${textAt(rule, 'alert')}`, `severity=${textAt(rule, 'labels.severity')}`];
      return `${labels.join(' ')} → ${amtool('config', 'routes', 'test', `--config.file=${shipped}`, ...labels).trim()}`;
    });
  assert.ok(routes.length > 5);
  assert.deepEqual(
    routes.filter((route) => !/severity=(warning → slack|critical → webhook)$/.test(route)),
    [],
  );
});

/** A status after each of three restarts within the last minutes, for the reasons given. */
function crashLoop(name: string, pod: string, reasons: readonly JsonObject[]): readonly string[] {
  return reasons.map((reason, index) => {
    const finishedAt = new Date(Date.now() - 60_000 * (reasons.length - index)).toISOString();
    const lastState = { terminated: termination({ ...reason, startedAt: finishedAt, finishedAt }) };
    return JSON.stringify(
      podObject({
        metadata: {
          name: `${name}-7d4b9c6f5-${pod}`,
          uid: `8717cf78-7525-485f-a643-${pod.repeat(12)}`,
          ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-7d4b9c6f5`, controller: true }],
        },
        spec: { nodeName: `worker-${pod}`, containers: [{ name, image: name }] },
        status: {
          containerStatuses: [
            containerStatus({
              name,
              restartCount: index + 1,
              state: { running: { startedAt: finishedAt } },
              lastState,
            }),
          ],
        },
      }),
    );
  });
}

/** The shipped files with other addresses and shorter times, in `folder`. */
function configurationFor(folder: string, receiver: string): string {
  const configuration: unknown = parse(readFileSync(shipped, 'utf8'), (key: unknown, value: unknown) => {
    if (key === 'api_url_file') return join(folder, 'slack-api-url');
    if (key === 'url') return `${receiver}/webhook`;
    // Long enough for the alerts of one evaluation to arrive.
    if (key === 'group_wait') return '5s';
    if (key === 'group_interval') return '1s';
    return value;
  });
  writeFileSync(join(folder, 'slack-api-url'), `${receiver}/slack`);
  copyFileSync('deploy/alertmanager/restart-ledger.tmpl', join(folder, 'restart-ledger.tmpl'));
  writeFileSync(join(folder, 'alertmanager.yaml'), stringify(configuration));
  return join(folder, 'alertmanager.yaml');
}

/** The shipped rules, evaluated every second. */
function rulesIn(folder: string): string {
  const rules: unknown = parse(
    readFileSync('deploy/prometheus/rules.yaml', 'utf8'),
    (key: unknown, value: unknown) => (key === 'interval' ? '1s' : value),
  );
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
  return join(folder, 'rules.yaml');
}

function slackMessage({ body }: StubRequest): object {
  const message: unknown = JSON.parse(body);
  const { title, title_link, text, color } = Object(valueAt(message, 'attachments.0'));
  return { channel: textAt(message, 'channel'), title, title_link, text, color };
}

const skip = ['prometheus', 'prometheus-pushgateway', 'prometheus-alertmanager', 'amtool']
  .map(missing)
  .find((reason) => reason !== false);

test('a crash loop is one message, and none comes twice', { skip: skip ?? false }, async () => {
  const folder = temporaryFolder('alerts-');
  await using receiver = await startHttpStub();
  await using gateway = await startPushgateway();
  const pods = join(folder.path, 'pods.ndjson');
  const failed = { reason: 'Error', exitCode: 1 };
  const loops = [
    ...crashLoop('checkout', 'a', [failed, failed, failed]),
    ...crashLoop('checkout', 'b', [failed, failed, failed]),
    ...crashLoop('cart', 'c', [{}, {}, { reason: '<!channel>', exitCode: 3 }]),
  ];
  writeFileSync(pods, loops.join('\n'));
  const record = () => runCommand(['replay', '--quiet', '--pushgateway', gateway.url, pods]);
  assert.equal((await record()).code, 0);

  await using alertmanager = await startAlertmanager(configurationFor(folder.path, receiver.url));
  await using prometheus = await startPrometheus({
    scrapes: gateway.url,
    rules: rulesIn(folder.path),
    alertmanager: alertmanager.url,
    flags: ['--rules.alert.resend-delay=1s'],
  });
  await eventually(() => assert.ok(receiver.requests.length >= 2));

  /** Of the rules and of the deliveries to Alertmanager, so that a second message has had its chance. */
  const sentSoFar = async () => {
    const metrics = await (await fetch(`${prometheus.url}/metrics`)).text();
    return Number(/^prometheus_notifications_sent_total\{[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  };
  const before = await sentSoFar();
  assert.equal((await record()).code, 0);
  await eventually(async () => assert.ok((await sentSoFar()) > before + 8));

  amtool(
    'alert',
    'add',
    'RestartLedgerPushesFail',
    'severity=critical',
    `--alertmanager.url=${alertmanager.url}`,
  );
  const paged = await eventually(() => {
    const request = receiver.requests.find(({ path }) => path === '/webhook');
    assert.ok(request);
    return request;
  });
  assert.equal(textAt(JSON.parse(paged.body), 'alerts.0.labels.alertname'), 'RestartLedgerPushesFail');

  const messages = receiver.requests.filter(({ path }) => path === '/slack').map(slackMessage);
  assert.deepEqual(
    messages.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
    [
      {
        channel: '#restarts',
        title: 'ContainerCrashLoop: shop/cart',
        title_link: `${runbooks}/ContainerCrashLoop.md`,
        text: `• cart in shop/cart-7d4b9c6f5-c of deployment cart restarted 3 times in 30 minutes on worker-c. In the last hour: 2 × OOMKilled (137), 1 × &lt;!channel&gt; (3).\n<${runbooks}/ContainerCrashLoop.md|What to do>`,
        color: 'warning',
      },
      {
        channel: '#restarts',
        title: 'ContainerCrashLoop: shop/checkout (2)',
        title_link: `${runbooks}/ContainerCrashLoop.md`,
        text: `• checkout in shop/checkout-7d4b9c6f5-a of deployment checkout restarted 3 times in 30 minutes on worker-a. In the last hour: 3 × Error (1).\n• checkout in shop/checkout-7d4b9c6f5-b of deployment checkout restarted 3 times in 30 minutes on worker-b. In the last hour: 3 × Error (1).\n<${runbooks}/ContainerCrashLoop.md|What to do>`,
        color: 'warning',
      },
    ],
  );
  // The kills of cart for its memory are part of its loop.
  assert.equal(
    (await queryInstant(prometheus.url, 'ALERTS{alertname="ContainerOOMKilled",alertstate="firing"}')).length,
    1,
  );
});
