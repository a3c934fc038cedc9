import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { metricFamilies } from '../../lib/metrics/families.ts';
import { isObject } from '../../lib/narrow.ts';
import { createFunctionMetrics } from '../../lib/observability/function-metrics.ts';
import { missing } from '../helpers/real-services.ts';

type Fields = Readonly<Record<string, unknown>>;

const folder = 'deploy/prometheus';
const rules = objects(read('rules.yaml')['groups']).flatMap(({ rules }) => objects(rules));
const cases = ['rules.test.yaml', 'history.test.yaml'].flatMap((file) => objects(read(file)['tests']));

function read(file: string): Fields {
  const document: unknown = parse(readFileSync(`${folder}/${file}`, 'utf8'));
  assert.ok(isObject<Fields>(document));
  return document;
}

/** The objects of a list; none where there is no list. */
function objects(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((item) => isObject<Fields>(item)) : [];
}

/** The texts that the rules have under a key, in their order. */
function texts(key: 'record' | 'alert' | 'expr'): readonly string[] {
  return rules.map((rule) => rule[key]).filter((text) => typeof text === 'string');
}

function promtool(...parameters: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', parameters, { cwd: folder, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

test('promtool accepts the rules', { skip: missing('promtool') }, () => {
  const { status, output } = promtool('check', 'rules', '--lint-fatal', 'rules.yaml');
  assert.equal(status, 0, output);
  assert.match(output, new RegExp(`SUCCESS: ${rules.length} rules found`));
});

for (const file of ['rules.test.yaml', 'history.test.yaml']) {
  test(`the rules pass the unit tests of ${file}`, { skip: missing('promtool') }, () => {
    const { status, output } = promtool('test', 'rules', file);
    assert.equal(status, 0, output);
  });
}

test('every alert is tested firing and not firing', () => {
  const tested = cases.flatMap((one) => objects(one['alert_rule_test']));
  const outcomes = texts('alert').map((alert) => {
    const expected = tested.filter(({ alertname }) => alertname === alert);
    const firing = expected.map(({ exp_alerts }) => objects(exp_alerts).length > 0);
    return { alert, fires: firing.includes(true), keepsQuiet: firing.includes(false) };
  });
  assert.deepEqual(
    outcomes,
    texts('alert').map((alert) => ({ alert, fires: true, keepsQuiet: true })),
  );
  assert.ok(outcomes.length > 5);
});

test('every alert has a runbook: what it means, and three commands to run next', () => {
  const faults = rules
    .filter((rule) => typeof rule['alert'] === 'string')
    .flatMap((rule) => {
      const name = String(rule['alert']);
      const { annotations } = rule;
      const url = isObject<Fields>(annotations) ? String(annotations['runbook_url']) : '';
      if (!url.endsWith(`/blob/main/docs/runbooks/${name}.md`)) return [`${name}: ${url}`];
      const [, title, meaning, commands = ''] =
        /^# (.*)\n\n([^#`]{80,}?)\n\n## Look\n\n```sh\n([\s\S]*?)\n```/.exec(
          readFileSync(`docs/runbooks/${name}.md`, 'utf8').replaceAll(/`([^`\n]+)`/g, '$1'),
        ) ?? [];
      const count = commands.split('\n').filter((line) => /^(kubectl|restart-ledger) /.test(line)).length;
      return title === name && meaning !== undefined && count === 3 ? [] : [`${name}: ${count} commands`];
    });
  assert.deepEqual(faults, []);
});

test('every recording rule is tested for its result', () => {
  const asked = cases
    .flatMap((one) => objects(one['promql_expr_test']))
    .filter(({ exp_samples }) => objects(exp_samples).length > 0)
    .map(({ expr }) => expr);
  assert.deepEqual(
    texts('record').filter((record) => !asked.includes(record) && record !== carried),
    [],
  );
});

/** Tested by the rules that count it. */
const carried = 'restart:pod_monitor_container_restart_events:last30d';

test('the rules read only metrics that exist', async () => {
  const known = [
    ...metricFamilies.map(({ name }) => name),
    ...(await createFunctionMetrics().exposition()).split(/\s/),
    // Of reconcile, and of the Pushgateway.
    'pod_monitor_restarts_missed',
    'push_time_seconds',
    'pushgateway_build_info',
    'pushgateway_http_requests_total',
    ...texts('record'),
  ];
  const read = texts('expr').flatMap(
    (expr) => expr.match(/(?:\w+:)?\b(?:pod_monitor|restart_ledger|push|pushgateway)_\w+(?::\w+)?/g) ?? [],
  );
  assert.deepEqual(
    read.filter((name) => !known.includes(name)),
    [],
  );
  assert.ok(read.length > rules.length);
});
