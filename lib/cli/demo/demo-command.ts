import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { CloudEvent, HTTP } from 'cloudevents';
import { serve } from '../../../functions/serve.ts';
import { readCloudEvent } from '../../cloudevents/cloud-event.ts';
import { readConfig } from '../../config.ts';
import { pushgatewayHistory } from '../../ledger/history/pushgateway-history.ts';
import { localZone } from '../../local-zone.ts';
import { createLog } from '../../observability/log.ts';
import { parseJson } from '../../parse-json.ts';
import { createPushgateway } from '../../pushgateway/pushgateway.ts';
import type { Restart } from '../../restarts/restart.ts';
import { aborted, takeSignals } from '../../signals.ts';
import { showRestarts } from '../output/restart-forms.ts';
import { screenOf } from '../output/screen.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

const stories = [
  ['crash-loop', 'a crash loop whose first crash is in state alone, then back-off'],
  ['oom-kill', 'a container killed for its memory, its events out of order'],
  ['sidecar', 'an init container that fails once, and a sidecar that ends'],
  ['statefulset', 'a Pod that is deleted and created again under its name'],
] as const;

export interface DemoOptions {
  /** Keep serving until a signal comes. */
  readonly stay: boolean;
}

/**
 * The command `restart-ledger demo`: the function and an embedded gateway, the events of `examples/` sent to it one
 * by one, and the history that the gateway stores then. The environment is not read: a demo must not write into
 * a configured Pushgateway.
 */
export async function demoCommand({ stay }: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  using signals = takeSignals();
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', RETENTION: '0', LOG_LEVEL: 'error' });
  const served = await serve(config, createLog(config.logLevel), { anyPort: true });
  try {
    terminal.out(`function  ${served.url}`);
    terminal.out(`timeline  ${served.gatewayUrl}`);
    terminal.out(`metrics   ${served.gatewayUrl}metrics\n`);
    let failures = 0;
    for (const [name, story] of stories) {
      const statuses = await sendStory(name, served.url);
      const refused = statuses.filter((status) => status !== 204);
      failures += refused.length;
      const answers = refused.length === 0 ? 'all acknowledged' : `answered ${refused.join(', ')}`;
      terminal.out(`${name.padEnd(12)} ${String(statuses.length).padStart(2)} events ${answers}: ${story}`);
    }
    const history = await storedRestarts(served.gatewayUrl);
    const table = { nowSeconds: undefined, zone: localZone, ...screenOf(process.stdout) };
    terminal.out('');
    await showRestarts(history, 'table', table, terminal);
    terminal.out(`\n${history.length} restarts recorded at ${served.gatewayUrl}metrics`);
    if (stay) {
      terminal.out('Ctrl-C ends it.');
      await aborted(signals.signal);
    } else terminal.out('To keep it running: npm run demo -- --stay');
    return failures === 0 ? 0 : 1;
  } finally {
    await served.close();
  }
}

async function storedRestarts(gatewayUrl: string): Promise<readonly Restart[]> {
  const gateway = createPushgateway({ url: new URL(gatewayUrl), timeoutMilliseconds: 5000, connections: 1 });
  try {
    return await pushgatewayHistory(gateway, gatewayUrl).read({ since: undefined, until: undefined });
  } finally {
    await gateway.close();
  }
}

/** Sends each event as a broker would, in binary mode and one after another; gives the answers' statuses. */
async function sendStory(name: string, url: string): Promise<readonly number[]> {
  const file = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'examples', `${name}.json`);
  const events = parseJson(await readFile(file), file);
  if (!Array.isArray(events)) throw new TypeError(`${file} is not a batch of events`);
  const statuses: number[] = [];
  for (const event of events.map(readCloudEvent)) {
    const { headers, body } = HTTP.binary(new CloudEvent(event));
    const answer = await fetch(url, {
      method: 'POST',
      headers: Object.entries(headers).map(([header, value]) => [header, String(value)]),
      body: String(body),
    });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}
