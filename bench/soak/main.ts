/**
 * `npm run soak`: one function for an hour at 500 events a second, 1 in 20 with a restart, beside a real Pushgateway that is
 * restarted and paused, with reconcile and sweep every minute. `--minutes 10` and `--rate 200` make it shorter or lighter.
 *
 * Prints a line a minute and a table at the end; fails when memory has grown by more than 5 % over the second half, when
 * descriptors are left open after the load, or when an event was not acknowledged in the end. Writes nothing but `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { startApiServer } from '../../test/helpers/api-server.ts';
import { eventually } from '../../test/helpers/eventually.ts';
import { freePort } from '../../test/helpers/free-port.ts';
import { startProgram } from '../../test/helpers/process.ts';
import { startRestartableGateway } from '../../test/helpers/restartable-gateway.ts';
import { eventSequence, pingEvent, podTemplates } from './events.ts';
import { type Sample, takeSample } from './sample.ts';
import { createSender } from './sender.ts';
import { floor, type Measure, median, type Trend, trendOf } from './trend.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
});
const seconds = 60 * Number(values.minutes);
const rate = Number(values.rate);
/** The outages are as often in a shorter run, in relation to it. */
const unit = seconds / 60;
const mostGrowth = 0.05;
/** For what waits after an outage, also on a machine that is busy. */
const drainMilliseconds = 600_000;
/** Longer than any connection is kept alive. */
const idleMilliseconds = 120_000;
/** Descriptors that the process opens once, with its first outage or task. */
const mostLeft = 4;

await using apiServer = await startApiServer();
await using gateway = await startRestartableGateway({
  flags: ['--push.disable-consistency-check', '--persistence.interval=1m'],
});
const templates = podTemplates(20);
const podCount = 500;
let podNumber = 1e9;
const references: string[] = [];
for (let index = 0; index < podCount; index += 1) putPod(index);

/** A Pod of the API server, with a new restart. */
function putPod(index: number): void {
  const json = templates[index % templates.length]?.at(podNumber++, Date.now()) ?? '';
  const pod: Readonly<Record<string, unknown>> = JSON.parse(json);
  const { namespace } = Object(pod['metadata']);
  const name = `pod-${index}`;
  apiServer.put({ ...pod, metadata: { ...Object(pod['metadata']), name } });
  references[index] = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', name, namespace });
}

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
await using ledger = startProgram(process.execPath, ['--max-semi-space-size=4', 'dist/functions/main.js'], {
  environment: {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: apiServer.kubeconfig(),
    // As many records are stored after this time as ever: within the first half.
    RETENTION: `${Math.max(1, Math.round(unit / 6))}m`,
  },
  stdout: 'ignore',
});
const { pid } = ledger;
if (pid === undefined) throw new Error('the function was not started; run npm run build');
await eventually(async () => (await fetch(`${url}/health/readiness`)).arrayBuffer());

const before = (await takeSample(pid, url, 0)).descriptors;
const sender = createSender(url, 64);
const nextEvent = eventSequence(references);
const samples: Sample[] = [];
const counts = { sent: 0, restarts: 0, pauses: 0, reconciles: 0, sweeps: 0 };
const failures: string[] = [];
const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;

function sendNow(post: Parameters<typeof sender.send>[0]): void {
  counts.sent += 1;
  sender.send(post).catch((error: Error) => failures.push(error.message));
}

async function load(): Promise<void> {
  for (let sent = 0; elapsed() < seconds; ) {
    for (const due = Math.floor(elapsed() * rate); sent < due; sent += 1) sendNow(nextEvent(Date.now()));
    await delay(20);
  }
}

/** Every so often until the end, in seconds. */
async function every(interval: number, task: () => Promise<void> | void): Promise<void> {
  for (let next = interval; next < seconds; next += interval) {
    await delay(Math.max(0, (next - elapsed()) * 1000));
    if (elapsed() < seconds) await task();
  }
}

let outage: Promise<void> = Promise.resolve();

/** One after the other, never two at once. */
async function alone(task: () => Promise<void>): Promise<void> {
  outage = outage.then(task);
  await outage;
}

async function restartGateway(): Promise<void> {
  await gateway.end('SIGTERM');
  await delay(2000);
  await gateway.start();
  counts.restarts += 1;
}

async function pauseGateway(): Promise<void> {
  gateway.signal('SIGSTOP');
  await delay(3000);
  gateway.signal('SIGCONT');
  counts.pauses += 1;
}

let lastReport = 0;
async function sample(): Promise<void> {
  const taken = await takeSample(pid ?? 0, url, elapsed());
  samples.push(taken);
  if (taken.seconds - lastReport < Math.min(60, seconds / 10)) return;
  lastReport = taken.seconds;
  const [resident, heap] = [taken.resident.toFixed(1), taken.heapUsed.toFixed(1)];
  process.stdout.write(
    `${taken.seconds.toFixed(0)} s: ${counts.sent} events, ${sender.waiting} waiting, ${resident} MB resident, ${heap} MB heap, ${taken.descriptors} descriptors, ${taken.lag.toFixed(1)} ms lag\n`,
  );
}

await Promise.all([
  load(),
  every(Math.max(1, seconds / 720), sample),
  every(5 * unit, () => alone(restartGateway)),
  every(7 * unit, () => alone(pauseGateway)),
  every(unit, () => {
    for (let index = 0; index < 20; index += 1) putPod((20 * counts.reconciles + index) % podCount);
    sendNow(pingEvent('reconcile'));
    counts.reconciles += 1;
  }),
  every(2 * unit, () => {
    sendNow(pingEvent('sweep'));
    counts.sweeps += 1;
  }),
]);
await eventually(
  () => {
    if (sender.waiting > failures.length) throw new Error(`${sender.waiting} events are not acknowledged`);
  },
  { within: drainMilliseconds },
).catch((error: Error) => failures.push(error.message));
await sender.close();
// Connections are left open for a while: those that have not been closed by then are leaked.
await eventually(
  async () => {
    const { descriptors } = await takeSample(pid, url, elapsed());
    if (descriptors > before + mostLeft) throw new Error(`${descriptors - before} descriptors were leaked`);
  },
  { within: idleMilliseconds },
).catch((error: Error) => failures.push(error.message));

const trends: readonly (readonly [name: string, measure: Measure, of: typeof median, unit: string])[] = [
  ['resident memory, median', 'resident', median, 'MB'],
  ['heap in use, lowest', 'heapUsed', floor, 'MB'],
  ['memory outside the heap, lowest', 'external', floor, 'MB'],
  ['file descriptors, lowest', 'descriptors', floor, ''],
  ['handles of the event loop, lowest', 'handles', floor, ''],
  ['event-loop lag p99, median', 'lag', median, 'ms'],
];
const table = new Table({
  head: ['', 'at half time', 'at the end', 'growth', 'highest'],
  style: { head: [], border: [] },
});
const results = new Map<Measure, Trend>();
for (const [name, measure, of, ofUnit] of trends) {
  const trend = trendOf(samples, measure, of);
  results.set(measure, trend);
  const shown = (value: number) => `${value.toFixed(1)} ${ofUnit}`.trim();
  table.push([
    name,
    shown(trend.first),
    shown(trend.last),
    `${(100 * trend.growth).toFixed(1)} %`,
    shown(trend.highest),
  ]);
}
// The heap in use goes up and down with the collector; what grows in it grows the resident memory too.
if (!((results.get('resident')?.growth ?? Number.NaN) < mostGrowth))
  failures.push('resident memory has grown');
if (ledger.hasExited) failures.push(`the function has ended: ${ledger.stderr()}`);
const answers = [...sender.answers].map(([status, count]) => `${count} × ${status || 'no answer'}`);
process.stdout.write(
  `${table.toString()}
${counts.sent} events in ${seconds} s: ${answers.join(', ')}
${counts.restarts} restarts and ${counts.pauses} pauses of the Pushgateway, ${counts.reconciles} × reconcile, ${counts.sweeps} × sweep, ${samples.length} samples
`,
);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ counts, samples }));
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
