import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { containerFlags } from '../../test/helpers/container-flags.ts';
import { eventually } from '../../test/helpers/eventually.ts';
import { runProgram } from '../../test/helpers/process.ts';
import {
  type RealService,
  startPrometheus,
  startPushgateway,
  startVictoriaMetrics,
} from '../../test/helpers/real-services.ts';
import { lineThrough } from './line.ts';
import type { PrometheusCost, PushgatewayCost, VictoriaMetricsCost } from './measured.ts';
import { push, records } from './records.ts';
import { bytesBelow, cpuSecondsOf, usageOf } from './usage.ts';

/** Two sizes of a store, in records. */
export type Sizes = readonly [few: number, many: number];

const scrapes = 5;

/** A Pushgateway, and a Prometheus that scrapes it, at both sizes. */
export async function measureScraped(sizes: Sizes): Promise<readonly [PushgatewayCost, PrometheusCost]> {
  await using gateway = await startPushgateway({
    flags: ['--push.disable-consistency-check', '--persistence.interval=1s'],
  });
  const points: Awaited<ReturnType<typeof scrapedAt>>[] = [];
  let secondsPush = 0;
  let filled = 0;
  for (const size of sizes) {
    const pushing = await cpuSecondsOf(gateway.pid, () => push(gateway.url, records(filled, size)));
    secondsPush = pushing / (size - filled);
    filled = size;
    points.push(await scrapedAt(gateway, size));
  }
  const [few, many] = points;
  assert.ok(few !== undefined && many !== undefined);
  const line = (value: keyof typeof few) => lineThrough([sizes[0], few[value]], [sizes[1], many[value]]);
  const blocks = await blockBytes(gateway.url);
  return [
    {
      secondsPush,
      secondsScrape: line('secondsGateway'),
      bytesScrape: line('bytes'),
      megabytes: line('megabytesGateway'),
      bytesOnDisk: line('bytesOnDisk'),
    },
    {
      secondsScrape: line('secondsPrometheus'),
      megabytes: line('megabytesPrometheus'),
      seriesPerGroup: line('series').each,
      ...blocks,
    },
  ];
}

async function scrapedAt(gateway: RealService, size: number) {
  const bytes = (await (await fetch(`${gateway.url}/metrics`)).text()).length;
  // As if it scraped every 30 s: long enough for each scrape to be over before the next.
  const seconds = Math.max(1, Math.ceil(size / 4_000));
  await using prometheus = await startPrometheus({ scrapes: gateway.url, every: `${seconds}s` });
  const scraped = async () => await metric(prometheus.url, 'prometheus_target_interval_length_seconds_count');
  const series = async () => await metric(prometheus.url, 'prometheus_tsdb_head_series');
  /** Asked seldom, since each answer costs the Prometheus that is measured. */
  const times = async (count: number) => {
    const end = (await scraped()) + count;
    while ((await scraped()) < end) await delay(seconds * 500);
  };
  // The first scrape creates the series.
  await eventually(async () => assert.ok((await series()) > size * 3), { within: 600_000 });
  await times(1);
  let secondsPrometheus = 0;
  const secondsGateway = await cpuSecondsOf(gateway.pid, async () => {
    secondsPrometheus = await cpuSecondsOf(prometheus.pid, () => times(scrapes));
  });
  const onDisk = () => bytesBelow(gateway.folder, /pushgateway\.db$/);
  await eventually(() => assert.ok(onDisk() > size * 100));
  return {
    bytes,
    series: await series(),
    secondsGateway: secondsGateway / scrapes,
    secondsPrometheus: secondsPrometheus / scrapes,
    megabytesGateway: usageOf(gateway.pid).megabytes,
    megabytesPrometheus: usageOf(prometheus.pid).megabytes,
    bytesOnDisk: onDisk(),
  };
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{.*?\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}

const groupsInBlocks = 8;
const samplesPerDay = 2_880;

/**
 * What a day of scrapes every 30 s takes in blocks, of some groups of the gateway. Each block of two hours has an index;
 * Prometheus compacts blocks, so the index of a day is taken as that of one block.
 */
async function blockBytes(
  gatewayUrl: string,
): Promise<Pick<PrometheusCost, 'bytesPerSample' | 'bytesPerSeries'>> {
  const all = (await (await fetch(`${gatewayUrl}/metrics`)).text()).split('\n');
  const start = Math.floor(Date.UTC(2026, 10, 1) / 1000);
  const sizes = await Promise.all(
    [groupsInBlocks, groupsInBlocks * 2].map(async (groups) => {
      const ids = all
        .flatMap((line) => /^push_time_seconds\{.*(restart_id="[^"]*",uid="[^"]*")/.exec(line)?.[1] ?? [])
        .slice(0, groups);
      const lines = all.filter((line) => !line.startsWith('#') && ids.some((id) => line.includes(id)));
      const folder = await mkdtemp(join(tmpdir(), 'blocks-'));
      const text = join(folder, 'samples.txt');
      await pipeline(samplesOf(lines, start), createWriteStream(text));
      const blocks = join(folder, 'blocks');
      const { code, stderr } = await runProgram('promtool', [
        'tsdb',
        'create-blocks-from',
        'openmetrics',
        text,
        blocks,
      ]);
      assert.equal(code, 0, stderr);
      const size = {
        series: lines.length,
        chunks: bytesBelow(blocks, /\/chunks\//),
        index: bytesBelow(blocks, /\/index$/) / 12,
      };
      await rm(folder, { recursive: true });
      return size;
    }),
  );
  const [few, many] = sizes;
  assert.ok(few !== undefined && many !== undefined);
  return {
    bytesPerSample: (many.chunks - few.chunks) / ((many.series - few.series) * samplesPerDay),
    bytesPerSeries: (many.index - few.index) / (many.series - few.series),
  };
}

function* samplesOf(lines: readonly string[], start: number): Generator<string, void, void> {
  for (const line of lines) {
    for (let each = 0; each < samplesPerDay; each += 1) yield `${line} ${start + each * 30}\n`;
  }
  yield '# EOF\n';
}

const base = '/api/v1/import/prometheus';

const flags = containerFlags('deploy/components/victoria-metrics/stateful-set.yaml', [
  '-httpListenAddr',
  '-storageDataPath',
]);

export async function measureVictoriaMetrics([few, many]: Sizes): Promise<VictoriaMetricsCost> {
  const small = await filledStore(undefined, few, 1);
  await rm(small.folder, { recursive: true });
  const large = await filledStore(undefined, many, 1);
  const repeats = 3;
  const again = await filledStore(large.folder, many, repeats);
  await rm(large.folder, { recursive: true });
  return {
    secondsPush: large.seconds / many,
    megabytes: lineThrough([few, small.megabytes], [many, large.megabytes]),
    seriesPerRecord: large.series / many,
    bytesNew: (large.bytes - small.bytes) / (many - few),
    // Merges may leave less than there was.
    bytesAgain: Math.max(0, again.bytes - large.bytes) / (many * repeats),
  };
}

/** What a store holds on disk once it has ended, after so many records have been pushed so many times. */
async function filledStore(before: string | undefined, count: number, repeats: number) {
  const store = await startVictoriaMetrics({ flags, ...(before !== undefined && { folder: before }) });
  const seconds = await cpuSecondsOf(store.pid, async () => {
    for (let each = 0; each < repeats; each += 1)
      await push(store.url, records(0, count, { times: true }), base);
  });
  for (const path of ['force_flush', 'force_merge'])
    await (await fetch(`${store.url}/internal/${path}`)).text();
  await eventually(async () => assert.equal(await metric(store.url, 'vm_active_force_merges'), 0), {
    within: 600_000,
  });
  const { megabytes } = usageOf(store.pid);
  const answer = await (await fetch(`${store.url}/api/v1/series/count`)).text();
  const series = Number(/"data":\[(\d+)/.exec(answer)?.[1]);
  // What is in memory goes to disk.
  await store.kill();
  return { seconds, megabytes, series, folder: store.folder, bytes: bytesBelow(store.folder) };
}
