import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { exposition } from '../../lib/metrics/exposition.ts';
import { type MetricFamily, metricFamilies } from '../../lib/metrics/families.ts';
import { type GroupingKey, groupingKey } from '../../lib/metrics/grouping-key.ts';
import { missedExposition } from '../../lib/metrics/missed-exposition.ts';
import { openMetrics } from '../../lib/metrics/openmetrics.ts';
import { labelPairs } from '../../lib/metrics/text-format.ts';
import { knownRestart } from '../fixtures/restart.ts';

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300];

/** The samples of a family for one restart. */
interface Sample {
  readonly name: string;
  readonly help: string;
  readonly type: MetricFamily['type'];
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Any text, and often the characters that have to be escaped or look like another part of a line. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\r', '{', '}', ',', '=', '#', ' ', 'n', 'é', '\ud83d'),
  }),
);
const anyName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== 'le');
const anyLabels = fc.dictionary(anyName, anyText, { maxKeys: 5 });
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity, -Infinity),
  fc.constantFrom(...bounds),
  fc.integer(),
);
const anyGauge = fc.record({ type: fc.constant('gauge' as const), value: anyNumber });
const anyCounter = fc.record({
  type: fc.constant('counter' as const),
  value: anyNumber.map(Math.abs).filter(Number.isFinite),
});
const anyHistogram = fc.record({
  type: fc.constant('histogram' as const),
  value: anyNumber.filter(Number.isFinite),
});
const anySample: fc.Arbitrary<Sample> = fc
  .tuple(
    fc.record({ name: anyName, help: fc.string({ minLength: 1 }), labels: anyLabels }),
    fc.oneof(anyGauge, anyCounter, anyHistogram),
  )
  .map(([{ name, ...rest }, typed]) => ({
    ...rest,
    ...typed,
    name: typed.type === 'counter' ? `${name}_total` : name,
  }));
const anySamples = fc.uniqueArray(anySample, { minLength: 1, maxLength: 5, selector: ({ name }) => name });
const anyGroup: fc.Arbitrary<GroupingKey> = fc
  .dictionary(anyName, anyText, { maxKeys: 3 })
  .map(Object.entries);

function familyOf({ name, help, type, labels, value }: Sample): MetricFamily {
  const textOf = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, () => text]));
  return { shortName: name, name, help, type, byDefault: true, labels: textOf, value: () => value };
}

/** The samples as prom-client writes them, with the grouping labels before their own. */
async function written(
  registry: Registry | Registry<OpenMetricsContentType>,
  samples: readonly Sample[],
  group: GroupingKey = [],
): Promise<string> {
  for (const { name, help, type, labels: own, value } of samples) {
    fc.pre(group.every(([label]) => !(label in own)));
    const labels = { ...Object.fromEntries(group), ...own };
    const configuration = { name, help, labelNames: Object.keys(labels), registers: [registry] };
    if (type === 'gauge') new Gauge(configuration).set(labels, value);
    else if (type === 'counter') new Counter(configuration).inc(labels, value);
    else new Histogram({ ...configuration, buckets: [...bounds] }).observe(labels, value);
  }
  return await registry.metrics();
}

/** prom-client writes no timestamps: they are added to every line that is a sample. */
function withTimestamps(text: string, timestamp: number): string {
  return text.replaceAll(/^[^#\n][^\n]*(?=\n)/gm, (line) => `${line} ${timestamp}`);
}

test('the text format is byte for byte that of prom-client', async () => {
  const property = fc.asyncProperty(anySamples, async (samples) => {
    const expected = await written(new Registry(), samples);
    assert.equal(exposition(knownRestart, samples.map(familyOf)), expected);
  });
  await fc.assert(property, { numRuns: 2000 });
});

test('with grouping labels and a timestamp it is the same text with these on every sample', async () => {
  const property = fc.asyncProperty(anySamples, anyGroup, fc.nat(), async (samples, group, time) => {
    const context = { groupingLabels: labelPairs(group), timestampMilliseconds: time };
    const expected = withTimestamps(await written(new Registry(), samples, group), time);
    assert.equal(exposition(knownRestart, samples.map(familyOf), context), expected);
  });
  await fc.assert(property, { numRuns: 1000 });
});

test('OpenMetrics is byte for byte that of prom-client, with the time on every sample', async () => {
  const property = fc.asyncProperty(anySamples, anyGroup, async (samples, groupingLabels) => {
    const settings = { job: 'pod_monitor', groupingLabels };
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const expected = await written(registry, samples, groupingKey(knownRestart, settings));
    const lines = [...openMetrics([knownRestart], samples.map(familyOf), settings)];
    assert.equal(lines.join(''), withTimestamps(expected, 1_763_632_802));
  });
  await fc.assert(property, { numRuns: 1000 });
});

test('the missed restarts are byte for byte as prom-client writes them', async () => {
  const anyMissed = fc.record({
    namespace: anyText,
    pod: anyText,
    container: anyText,
    count: fc.integer({ min: 1 }),
  });
  const anyMisses = fc.uniqueArray(anyMissed, {
    maxLength: 5,
    selector: ({ count: _count, ...names }) => JSON.stringify(names),
  });
  const property = fc.asyncProperty(anyMisses, async (missed) => {
    const registers = [new Registry()];
    const labelNames = ['namespace', 'pod', 'container'];
    const help = (of: string) => `Restarts of ${of} that happened and can no longer be recorded.`;
    const byContainer = new Gauge({
      name: 'pod_monitor_container_restarts_missed',
      help: help('the container'),
      labelNames,
      registers,
    });
    const total = new Gauge({
      name: 'pod_monitor_restarts_missed',
      help: help('all containers'),
      registers,
    });
    for (const { count, ...names } of missed) {
      byContainer.inc(names, count);
      total.inc(count);
    }
    assert.equal(missedExposition(missed), await registers[0]?.metrics());
  });
  await fc.assert(property, { numRuns: 1000 });
});

test('without a known family the text is empty', () => {
  assert.equal(exposition(knownRestart, []), '');
  const unknown = metricFamilies.map((family) => ({ ...family, value: () => undefined }));
  assert.equal(exposition(knownRestart, unknown), '');
});
