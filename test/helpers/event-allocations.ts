/**
 * Prints how many bytes the function allocates for an event, by kind of event, from the message to its acknowledgement: JSON
 * lines of `kind` and `bytes`. Without optimizing compilers the figures depend on nothing but the code and the version of
 * Node.js: not on the machine, its load, or on what the compiler has optimized so far.
 */
import { createLedgerFunction } from '../../functions/ledger-function.ts';
import { readHttpMessage } from '../../lib/cloudevents/http-message.ts';
import { readConfig } from '../../lib/config.ts';
import { handleBatch } from '../../lib/http/handle-batch.ts';
import { createRecordRestarts } from '../../lib/ledger/record-restarts.ts';
import { createFunctionMetrics } from '../../lib/observability/function-metrics.ts';
import { groupPath } from '../../lib/pushgateway/group-path.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { containerStatus, podObject, termination } from '../fixtures/pods.ts';

const { grouping, families, cluster, retention } = readConfig({ RETENTION: '0' });
const metrics = createFunctionMetrics();
const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
const pushgateway = {
  async push(...[key]: Parameters<Parameters<typeof createRecordRestarts>[0]['pushgateway']['push']>) {
    groupPath(key);
  },
};
const unused = () => {
  throw new TypeError('not used by an event of a Pod');
};
/** Soon after the restart. */
const nowSeconds = () => 1_763_632_900;
const { handle } = createLedgerFunction({
  ledger: {
    url: '',
    pushgateway: { ...pushgateway, replace: unused, remove: unused, lines: unused, close: unused },
    recordRestarts: createRecordRestarts({ pushgateway, families, grouping, metrics, nowSeconds }),
    reconcile: unused,
    sweep: unused,
    close: unused,
  },
  config: { cluster, retention },
  metrics,
  nowSeconds,
});

const running = containerStatus({ restartCount: 0, lastState: {} });
const completed = containerStatus({
  name: 'migrate',
  restartCount: 0,
  lastState: {},
  state: { terminated: termination({ exitCode: 0, reason: 'Completed' }) },
});
const kinds = {
  'no termination': { containerStatuses: [running] },
  'a completed init container': { initContainerStatuses: [completed], containerStatuses: [running] },
  'a restart': { containerStatuses: [containerStatus()] },
};

const warmUp = 200;
const windows = 21;
const eventsInWindow = 50;

for (const [kind, status] of Object.entries(kinds)) {
  const { headers: sent = {}, body = '' } = binary(podEvent(podObject({ status })));
  const headers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)]));
  const bytes = Buffer.from(body);
  const event = async () => await handleBatch(readHttpMessage({ ...headers }, bytes), handle, log);
  for (let count = 0; count < warmUp; count += 1) await event();
  const allocated: number[] = [];
  for (let window = 0; window < windows; window += 1) {
    const before = used();
    for (let count = 0; count < eventsInWindow; count += 1) await event();
    allocated.push((used() - before) / eventsInWindow);
  }
  // The garbage collector may run in a few of the windows.
  const median = allocated.toSorted((a, b) => a - b)[Math.floor(windows / 2)] ?? Number.NaN;
  process.stdout.write(`${JSON.stringify({ kind, bytes: Math.round(median) })}\n`);
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
