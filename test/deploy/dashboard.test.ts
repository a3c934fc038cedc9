import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { dashboard } from '../../deploy/dashboard/dashboard.ts';
import { isObject } from '../../lib/narrow.ts';
import { eventually } from '../helpers/eventually.ts';
import { queryInstant, queryRange, type Range, type Series } from '../helpers/prometheus-query.ts';
import { missing } from '../helpers/real-services.ts';
import { type RecordedExamples, startRecordedExamples } from '../helpers/recorded-examples.ts';
import { examplesRecordedAt } from '../helpers/shifted-examples.ts';

type Fields = Readonly<Record<string, unknown>>;

interface PanelQuery {
  /** The panel's title, with the query's letter where it has several. */
  readonly name: string;
  readonly expression: string;
  readonly instant: boolean;
}

const written: unknown = JSON.parse(readFileSync('deploy/components/grafana/restart-ledger.json', 'utf8'));
assert.ok(isObject<Fields>(written));
const panels = objects(written['panels']);
const queries: readonly PanelQuery[] = panels.flatMap(({ title, targets }) =>
  objects(targets).map(({ expr, instant, refId }) => ({
    name: objects(targets).length > 1 ? `${title} ${refId}` : String(title),
    expression: String(expr),
    instant: instant === true,
  })),
);
const variables = objects(isObject<Fields>(written['templating']) ? written['templating']['list'] : []);

function objects(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((item) => isObject<Fields>(item)) : [];
}

const all = { cluster: '.*', namespace: '.*', workload: '.*', reason: '.*' };

/** Grafana's placeholders as Grafana fills them in: `$cluster` as a regular expression, times in milliseconds. */
function filledIn(expression: string, { start, end, step }: Range, chosen: Fields = all): string {
  const values: Fields = {
    ...chosen,
    __range: `${end - start}s`,
    __from: start * 1000,
    __to: end * 1000,
    __interval_ms: step * 1000,
    __rate_interval: '1m',
  };
  return expression.replaceAll(/\$(\w+)/g, (placeholder, name: string) =>
    String(values[name] ?? placeholder),
  );
}

test('the dashboard is the one that its source builds', () => {
  assert.deepEqual(written, JSON.parse(JSON.stringify(dashboard())));
});

test('the panels do not overlap on the grid', () => {
  const cells = panels.flatMap(({ title, gridPos }) => {
    assert.ok(isObject<Fields>(gridPos));
    const { x, y, w, h } = gridPos;
    assert.ok(Number(x) + Number(w) <= 24, String(title));
    return Array.from(
      { length: Number(w) * Number(h) },
      (_, cell) => `${Number(x) + (cell % Number(w))}/${Number(y) + Math.floor(cell / Number(w))}`,
    );
  });
  assert.equal(new Set(cells).size, cells.length);
});

test('every panel queries the selected data source, and has a description', () => {
  const undescribed = panels.filter(({ type, description }) => type !== 'row' && !description);
  assert.deepEqual(undescribed, []);
  const asked = panels.flatMap(({ targets }) => objects(targets)).map(({ datasource }) => datasource);
  assert.ok(asked.length > 20);
  for (const datasource of asked) assert.deepEqual(datasource, { type: 'prometheus', uid: `\${datasource}` });
});

const skip = missing('prometheus') || missing('prometheus-pushgateway');

suite('against a real Prometheus with the recorded examples', { skip }, () => {
  let examples: RecordedExamples;
  let range: Range;

  before(async () => {
    const now = Math.floor(Date.now() / 1000);
    examples = await startRecordedExamples({ shift: now - examplesRecordedAt });
    range = { start: now - 86_400, end: now + 60, step: 60 };
    await eventually(async () => {
      const known = await queryInstant(examples.prometheusUrl, 'pod_monitor_container_restart_details');
      assert.equal(known.length, 9);
    });
    // A rate needs a change between two scrapes; the records stay the same.
    await examples.replayAgain();
  });
  after(() => examples[Symbol.asyncDispose]());

  async function answer({ expression, instant }: PanelQuery, chosen?: Fields): Promise<readonly Series[]> {
    const filled = filledIn(expression, range, chosen);
    return instant
      ? await queryInstant(examples.prometheusUrl, filled, range.end)
      : await queryRange(examples.prometheusUrl, filled, range);
  }

  /** The answer of a panel as `label,label: sum of values`, sorted. */
  async function shown(name: string, labels: readonly string[], chosen?: Fields): Promise<readonly string[]> {
    const query = queries.find((one) => one.name === name);
    assert.ok(query, name);
    const series = await answer(query, chosen);
    return series
      .map((one) => {
        const sum = one.values
          .filter((value) => !Number.isNaN(value))
          .reduce((total, value) => total + value, 0);
        return `${labels.map((label) => one.labels[label]).join(',')}: ${sum}`;
      })
      .sort();
  }

  for (const query of queries)
    test(`${query.name} has a result`, async () => {
      await eventually(async () => {
        const series = await answer(query);
        assert.ok(
          series.some(({ values }) => values.some((value) => !Number.isNaN(value))),
          filledIn(query.expression, range),
        );
      });
    });

  test('the restart panels show the nine restarts of the examples', async () => {
    assert.deepEqual(await shown('Restarts', []), [': 9']);
    assert.deepEqual(await shown('Restarted containers', []), [': 5']);
    assert.deepEqual(await shown('Missed restarts', []), [': 2']);
    assert.deepEqual(await shown('Restarts by reason', ['reason']), ['Error: 7', 'OOMKilled: 2']);
    assert.deepEqual(await shown('Exit codes', ['exit_code']), ['137: 2', '143: 1', '1: 4', '2: 2']);
    assert.deepEqual(await shown('Top workloads', ['namespace', 'workload_type', 'workload']), [
      'data,statefulset,ledger-db: 2',
      'orders,deployment,orders-api: 2',
      'reports,deployment,report-worker: 2',
      'shop,deployment,checkout: 3',
    ]);
    assert.deepEqual(await shown('Top containers', ['namespace', 'container']), [
      'data,postgres: 2',
      'orders,mesh-proxy: 1',
      'orders,migrate: 1',
      'reports,worker: 2',
      'shop,checkout: 3',
    ]);
    assert.deepEqual(await shown('Crash loops', ['namespace', 'container']), ['shop,checkout: 3']);
    assert.deepEqual(await shown('Missed restarts by container', ['namespace', 'pod', 'container']), [
      'shop,cart-0,cart: 2',
    ]);
  });

  test('the detail tables give each restart its time, in milliseconds', async () => {
    for (const [name, count] of [
      ['Details', 9],
      ['Latest OOM kills', 2],
    ] as const) {
      const query = queries.find((one) => one.name === name);
      assert.ok(query);
      const rows = await answer(query);
      assert.equal(rows.length, count);
      assert.deepEqual(
        rows.map(({ values }) => values),
        rows.map(({ labels }) => [Date.parse(labels['finished_time'] ?? '')]),
      );
    }
  });

  test('the annotations mark each restart at its own time', async () => {
    const [details] = queries.filter(({ name }) => name === 'Details');
    assert.ok(details);
    const ended = (await answer(details)).map(({ labels }) => ({
      reason: labels['reason'],
      time: Date.parse(labels['finished_time'] ?? ''),
    }));
    const marked = objects(isObject<Fields>(written['annotations']) ? written['annotations']['list'] : []);
    const times: [unknown, readonly (number | undefined)[]][] = [];
    for (const { name, expr, useValueForTime } of marked) {
      assert.equal(useValueForTime, true);
      const series = await answer({ name: String(name), expression: String(expr), instant: false });
      times.push([name, series.map(({ values }) => values[0]).toSorted()]);
    }
    const oomKilled = ended.filter(({ reason }) => reason === 'OOMKilled');
    assert.deepEqual(times, [
      ['OOM kills', oomKilled.map(({ time }) => time).toSorted()],
      ['All restarts', ended.map(({ time }) => time).toSorted()],
    ]);
  });

  test('the variables filter the restart panels', async () => {
    const narrowed: readonly (readonly [Fields, string])[] = [
      [{ cluster: 'eu-1' }, ': 9'],
      [{ cluster: 'us-1' }, ': 0'],
      [{ namespace: '(shop|data)' }, ': 5'],
      [{ workload: 'checkout' }, ': 3'],
      [{ workload: '(ledger-db|orders-api)' }, ': 4'],
      [{ workload: 'check' }, ': 0'],
      [{ reason: 'OOMKilled' }, ': 2'],
    ];
    for (const [chosen, expected] of narrowed)
      assert.deepEqual(
        await shown('Restarts', [], { ...all, ...chosen }),
        [expected],
        JSON.stringify(chosen),
      );
    assert.deepEqual(await shown('OOM kills', [], { ...all, reason: 'Error' }), [': 2']);
  });

  test('every variable has something to choose from', async () => {
    const choices: [unknown, readonly string[]][] = [];
    for (const { name, query, regex } of variables.filter(({ type }) => type === 'query')) {
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(String(query)) ?? [];
      const [, pattern = '^(.*)$'] = /^\/(.+)\/$/.exec(String(regex ?? '')) ?? [];
      const series = await queryInstant(examples.prometheusUrl, filledIn(selector, range));
      const values = series.map(({ labels }) => new RegExp(pattern).exec(labels[label] ?? '')?.[1] ?? '');
      choices.push([name, [...new Set(values)].sort()]);
    }
    assert.deepEqual(choices, [
      ['cluster', ['eu-1']],
      ['namespace', ['data', 'orders', 'reports', 'shop']],
      ['workload', ['checkout', 'ledger-db', 'orders-api', 'report-worker']],
      ['reason', ['Error', 'OOMKilled']],
    ]);
  });

  test('the link of a Pod leads to Explore, with all its records', async () => {
    const details = panels.find(({ title }) => title === 'Details');
    const [, panes = ''] = /\/explore\?schemaVersion=1&panes=([^"]+)/.exec(JSON.stringify(details)) ?? [];
    const filled = panes
      .replaceAll(`\${datasource}`, 'abc')
      .replaceAll(`\${__data.fields.Namespace}`, 'reports')
      .replaceAll(`\${__value.raw}`, 'report-worker-6c9f7b8d4-m7q2p')
      .replaceAll(/\$\{(__from|__to)\}/g, '$1');
    const expr =
      '{__name__=~"pod_monitor_container_restart_.+", namespace="reports", pod="report-worker-6c9f7b8d4-m7q2p"}';
    assert.deepEqual(JSON.parse(decodeURIComponent(filled)), {
      restarts: {
        datasource: 'abc',
        queries: [{ refId: 'A', expr }],
        range: { from: '__from', to: '__to' },
      },
    });
    const families = (await queryInstant(examples.prometheusUrl, expr)).map(
      ({ labels }) => labels['__name__'],
    );
    assert.ok(families.includes('pod_monitor_container_restart_details'));
  });

  test("every column of a table exists in its query's result", async () => {
    const tables = panels.filter(({ type }) => type === 'table');
    for (const { title, transformations } of tables) {
      const query = queries.find(({ name }) => name === title);
      assert.ok(query);
      const labels = new Set((await answer(query)).flatMap((series) => Object.keys(series.labels)));
      const [options] = objects(transformations).map((one) => one['options']);
      const include = isObject<Fields>(options) ? options['include'] : undefined;
      const names = isObject<Fields>(include) ? include['names'] : undefined;
      assert.ok(Array.isArray(names) && names.length > 3, String(title));
      assert.deepEqual(
        names.filter((name) => name !== 'Value' && !labels.has(name)),
        [],
        String(title),
      );
    }
    assert.equal(tables.length, 5);
  });
});
