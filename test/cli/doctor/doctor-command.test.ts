import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startApiServer, status } from '../../helpers/api-server.ts';
import { closedPort } from '../../helpers/closed-port.ts';
import { type CommandResult, runCommand } from '../../helpers/command.ts';
import { containerFlags } from '../../helpers/container-flags.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startFunction } from '../../helpers/function-process.ts';
import { answering, startHttpStub } from '../../helpers/http-stub.ts';
import {
  missing,
  startPrometheus,
  startPushgateway,
  startVictoriaMetrics,
} from '../../helpers/real-services.ts';

const skip = missing('prometheus-pushgateway') || missing('prometheus');

/** A line without the parts that differ from run to run. */
function outcomeOf({ code, stdout, stderr }: CommandResult) {
  const lines = stdout
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/(?<=, in )\/\S+/g, 'FILE')
    .replaceAll(/version \S+/g, 'version V');
  return { code, lines: lines.trimEnd().split('\n'), stderr };
}

async function record(gatewayUrl: string): Promise<void> {
  const result = await runCommand(['replay', 'examples/oom-kill.json', '--pushgateway', gatewayUrl], {
    RETENTION: '0',
  });
  assert.equal(result.code, 0, result.stderr);
}

async function hasScraped(prometheusUrl: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`${prometheusUrl}/api/v1/query?query=push_time_seconds`);
    assert.match(await answer.text(), /restart_id/);
  });
}

// Most of a test is a wait for the first scrape, so they run at the same time.
suite('doctor', { concurrency: true }, () => {
  test('a correct set-up passes every check, and the exit code is 0', { skip }, async () => {
    await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
    await record(gateway.url);
    await using prometheus = await startPrometheus({ scrapes: gateway.url });
    await using cluster = await startApiServer();
    await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
    await hasScraped(prometheus.url);
    const result = await runCommand(['doctor', '--sink', ledger.url], {
      PUSHGATEWAY_URL: gateway.url,
      PROMETHEUS_URL: prometheus.url,
      KUBECONFIG: cluster.kubeconfig(),
    });
    assert.deepEqual(outcomeOf(result), {
      code: 0,
      lines: [
        '✓ Pushgateway       version V answers',
        '✓ consistency check is off: a push costs the same at any size',
        '✓ size              2 records are stored',
        '✓ persistence       records outlive a restart, in FILE',
        '✓ Prometheus        scrapes the records, with their own labels',
        '✓ API server        Pods of all namespaces may be listed and watched',
        '✓ sink              takes CloudEvents',
        '',
        'nothing is wrong',
      ],
      stderr: '',
    });
  });

  test('a faulty set-up: consistency check, no persistence, renamed labels, a missing permission, a sink that refuses', {
    skip,
  }, async () => {
    await using gateway = await startPushgateway({ persists: false });
    await record(gateway.url);
    await using prometheus = await startPrometheus({ scrapes: gateway.url, honorLabels: false });
    await using cluster = await startApiServer();
    cluster.intercept((url, response) => {
      if (!url.searchParams.has('watch')) return false;
      status(response, 403, 'pods is forbidden: User "ledger" cannot watch resource "pods"', 'Forbidden');
      return true;
    });
    await using sink = await startHttpStub(answering(415, 'no'));
    await hasScraped(prometheus.url);
    const result = await runCommand(
      ['doctor', '--prometheus', prometheus.url, '--pushgateway', gateway.url],
      {
        KUBECONFIG: cluster.kubeconfig(),
        NAMESPACES: 'shop',
        K_SINK: `${sink.url}/default/ledger`,
      },
    );
    assert.deepEqual(outcomeOf(result), {
      code: 1,
      lines: [
        '✓ Pushgateway       version V answers',
        '? consistency check is on: every push is checked against all that is stored (2 records); start the Pushgateway with --push.disable-consistency-check',
        '✓ size              2 records are stored',
        '✗ persistence       records are lost when the Pushgateway restarts, until the next reconcile; start the Pushgateway with --persistence.file on a volume',
        '✗ Prometheus        scrapes the records, but renames their labels (exported_job, exported_pod, …); set honor_labels: true in the scrape of the Pushgateway',
        '✗ API server        /api/v1/namespaces/shop/pods?watch=1&timeoutSeconds=1: pods is forbidden: User "ledger" cannot watch resource "pods"; allow it by the rule {apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"]} in a Role with a RoleBinding in the namespace shop, or a ClusterRole with a ClusterRoleBinding',
        '✗ sink              http://HOST/default/ledger: it answered 415 (no); read its reason, and send it again',
        '',
        '4 to fix',
      ],
      stderr: '',
    });
  });

  test('a faulty set-up: Prometheus scrapes another target', { skip }, async () => {
    await using gateway = await startPushgateway();
    await using other = await startHttpStub(
      answering(200, 'up_and_about 1\n', { 'content-type': 'text/plain' }),
    );
    await using prometheus = await startPrometheus({ scrapes: other.url });
    const result = await runCommand(['doctor'], {
      PUSHGATEWAY_URL: gateway.url,
      PROMETHEUS_URL: prometheus.url,
    });
    assert.deepEqual(outcomeOf(result).lines.slice(4), [
      '✗ Prometheus        scrapes no Pushgateway; add a scrape of the Pushgateway, with honor_labels: true',
      '? API server        there is neither a kubeconfig nor a service account; needed by watch, reconcile and references alone',
      '',
      '1 to fix',
    ]);
    assert.equal(result.code, 1);
  });

  test('a faulty set-up: nothing is reachable', async () => {
    await using closed = await closedPort();
    const result = await runCommand(['doctor', '--sink', closed.url], {
      PUSHGATEWAY_URL: closed.url,
      PROMETHEUS_URL: closed.url,
    });
    assert.deepEqual(outcomeOf(result), {
      code: 1,
      lines: [
        '✗ Pushgateway       http://HOST/api/v1/status: connect ECONNREFUSED HOST; check PUSHGATEWAY_URL and that the Pushgateway runs',
        '✗ Prometheus        http://HOST/api/v1/query: connect ECONNREFUSED HOST; check PROMETHEUS_URL and that Prometheus runs',
        '? API server        there is neither a kubeconfig nor a service account; needed by watch, reconcile and references alone',
        '✗ sink              http://HOST/: connect ECONNREFUSED HOST; check --sink and that the receiver runs',
        '',
        '3 to fix',
      ],
      stderr: '',
    });
  });

  test('what is unreachable is to be checked where it was given', async () => {
    await using closed = await closedPort();
    const result = await runCommand(['doctor', '--pushgateway', closed.url, '--prometheus', closed.url], {
      K_SINK: closed.url,
    });
    assert.deepEqual(
      outcomeOf(result).lines.map((line) => line.split('; ')[1]),
      [
        'check --pushgateway and that the Pushgateway runs',
        'check --prometheus and that Prometheus runs',
        'needed by watch, reconcile and references alone',
        'check K_SINK and that the receiver runs',
        undefined,
        undefined,
      ],
    );
  });

  test('a faulty set-up: nothing is configured', async () => {
    assert.deepEqual(outcomeOf(await runCommand(['doctor'])), {
      code: 1,
      lines: [
        '✗ Pushgateway       none is configured; give --pushgateway URL, or set PUSHGATEWAY_URL',
        '? Prometheus        was not checked; give --prometheus URL, or set PROMETHEUS_URL',
        '? API server        there is neither a kubeconfig nor a service account; needed by watch, reconcile and references alone',
        '',
        '1 to fix',
      ],
      stderr: '',
    });
  });

  test('a receiver that is not a Pushgateway is reported', async () => {
    await using stub = await startHttpStub(answering(204));
    const result = await runCommand(['doctor', '--pushgateway', stub.url]);
    assert.equal(
      outcomeOf(result).lines[0],
      '? Pushgateway       what answers is not a Pushgateway; fine for a cluster of VictoriaMetrics; else check its URL, the path too',
    );
  });

  /** Flags of a VictoriaMetrics, and what is said of them. */
  const stores: Readonly<Record<string, readonly [flags: readonly string[], findings: readonly string[]]>> = {
    'as the manifests start it': [
      containerFlags('deploy/components/victoria-metrics/stateful-set.yaml', [
        '-httpListenAddr',
        '-storageDataPath',
      ]),
      [
        '✓ retention         -retentionPeriod=90d keeps what is recorded; RETENTION is 7d',
        '✓ deduplication     -dedup.minScrapeInterval=1ms keeps one sample of each record',
        '✓ look-back         -search.maxLookback=168h0m0s lets instant queries find every record; RETENTION is 7d',
      ],
    ],
    'with a retention that is too short': [
      ['-retentionPeriod=3d'],
      [
        '✗ retention         -retentionPeriod=3d drops older records without an error, and RETENTION is 7d; raise -retentionPeriod, or lower RETENTION',
        '? deduplication     is off: each push of a record is a sample, and count_over_time counts them; start VictoriaMetrics with -dedup.minScrapeInterval=1ms',
        '? look-back         instant queries find no restart that ended more than 5m ago, and RETENTION is 7d; start VictoriaMetrics with -search.maxLookback=168h, or ask by last_over_time',
      ],
    ],
  };

  for (const [name, [flags, findings]] of Object.entries(stores)) {
    test(`a VictoriaMetrics in place of both, ${name}`, { skip: missing('victoria-metrics') }, async () => {
      await using store = await startVictoriaMetrics({ flags, path: '/vm' });
      const importUrl = `${store.url}/api/v1/import/prometheus`;
      const doctor = async () =>
        outcomeOf(await runCommand(['doctor', '--pushgateway', importUrl, '--prometheus', store.url]));
      const gateway =
        '✓ Pushgateway       a VictoriaMetrics answers, which stores each record with its own time';
      const cluster =
        '? API server        there is neither a kubeconfig nor a service account; needed by watch, reconcile and references alone';
      const wrong = findings.filter((finding) => finding.startsWith('✗')).length;
      const verdict = wrong === 0 ? 'nothing is wrong' : `${wrong} to fix`;
      const empty =
        '? Prometheus        has no record of the last 30 days; fine before the first restart; else check that it reads what takes the pushes';
      assert.deepEqual(await doctor(), {
        code: wrong,
        lines: [gateway, ...findings, empty, cluster, '', verdict],
        stderr: '',
      });
      const sample = `pod_monitor_container_restart_total 1 ${Date.now() - 3_600_000}\n`;
      await fetch(`${importUrl}/metrics/job/pod_monitor`, { method: 'POST', body: sample });
      await eventually(async () => {
        const { lines } = await doctor();
        assert.ok(lines.includes('✓ Prometheus        has records of the last 30 days'), lines.join('\n'));
      });
    });
  }

  for (const status of [401, 403]) {
    test(`doctor, sweep and reconcile report wrong credentials where the Pushgateway answers ${status}`, async () => {
      await using stub = await startHttpStub(answering(status, 'no'));
      const environment = { PUSHGATEWAY_URL: stub.url };
      const refusal = `http://HOST/api/v1/status: the gateway answered ${status} (no); set PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD_FILE, or PUSHGATEWAY_CREDENTIALS_FILE, to credentials that it accepts`;
      const checked = outcomeOf(await runCommand(['doctor'], environment));
      assert.deepEqual([checked.code, checked.lines[0]], [1, `✗ Pushgateway       ${refusal}`]);
      const message = `restart-ledger: reading ${refusal}\n`.replace('http://HOST', stub.url);
      for (const command of ['sweep', 'reconcile']) {
        assert.deepEqual(await runCommand([command], environment), { code: 1, stdout: '', stderr: message });
      }
    });
  }

  test('a sweep deletes nothing that Prometheus has not scraped', { skip }, async () => {
    await using gateway = await startPushgateway();
    await record(gateway.url);
    await using other = await startHttpStub(
      answering(200, 'up_and_about 1\n', { 'content-type': 'text/plain' }),
    );
    await using blind = await startPrometheus({ scrapes: other.url });
    await using prometheus = await startPrometheus({ scrapes: gateway.url });
    await hasScraped(prometheus.url);
    const sweep = async (prometheusUrl: string) =>
      await runCommand(['sweep'], {
        PUSHGATEWAY_URL: gateway.url,
        RETENTION: '1s',
        PROMETHEUS_URL: prometheusUrl,
      });
    const refused = await sweep(blind.url);
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(
      refused.stderr,
      /sweeping the Pushgateway: Prometheus has none of its records, and a sweep would delete the only copy/,
    );
    const swept = await sweep(prometheus.url);
    assert.match(swept.stdout, /^2 records stored: 2 past retention, .*, 2 deleted/);
  });
});
