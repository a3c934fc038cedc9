import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { createEventSender, type EventSender } from '../../cloudevents/event-sender.ts';
import { type Config, type Environment, readConfig } from '../../config.ts';
import { LedgerError } from '../../errors.ts';
import { createApiServer } from '../../kubernetes/api/api-server.ts';
import { importAddress } from '../../prometheus/import-address.ts';
import { storeFlags } from '../../prometheus/store-flags.ts';
import { createPushgateway, type Pushgateway } from '../../pushgateway/pushgateway.ts';
import { clusterAccess, type KubectlOptions } from '../kubectl-options.ts';
import { printable } from '../output/printable.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type ClusterUse, checkCluster } from './check-cluster.ts';
import { type CheckedGateway, checkGateway } from './check-gateway.ts';
import { checkPrometheus } from './check-prometheus.ts';
import { checkSink } from './check-sink.ts';
import { type Finding, failed, wrong } from './finding.ts';

export interface DoctorOptions
  extends Pick<Overrides, 'pushgateway' | 'prometheus' | 'sink'>,
    KubectlOptions {
  /** The command whose permissions are checked. */
  readonly for?: ClusterUse;
}

/** The command `restart-ledger doctor`: checks a set-up, one line each, with what to do. */
export async function doctorCommand(
  { for: use = 'watch', ...options }: DoctorOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = clusterAccess(options, environment);
  const config = readConfig(access.environment, [...flagsOf(options), ...access.flags]);
  const clusterFindings = ({ cluster }: Config) =>
    checkCluster(
      createApiServer({
        loadKubeConfig: access.loadKubeConfig,
        timeoutMilliseconds: cluster.timeoutMilliseconds,
      }),
      cluster,
      use,
    );
  let faults = 0;
  function show(findings: readonly Finding[]): void {
    for (const finding of findings) terminal.out(line(finding));
    faults += findings.filter(({ state }) => state === 'wrong').length;
  }
  const gateway = await checkedGateway(config);
  show(gateway.findings);
  show([await checkPrometheus(config, gateway)]);
  show(await clusterFindings(config));
  show(await sinkFindings(config));
  terminal.out(faults === 0 ? '\nnothing is wrong' : `\n${faults} to fix`);
  return faults === 0 ? 0 : 1;
}

async function checkedGateway(config: Config): Promise<CheckedGateway> {
  const { url } = config.pushgateway;
  if (url === undefined) {
    const remedy = 'give --pushgateway URL, or set PUSHGATEWAY_URL';
    return { isPushgateway: true, findings: [wrong('Pushgateway', 'none is configured', remedy)] };
  }
  const gateway = createPushgateway({ ...config.pushgateway, url });
  // A VictoriaMetrics takes pushes below a path, and has its metrics outside of it.
  const base = new URL(url);
  base.pathname = new URL(importAddress(url).baseUrl).pathname;
  const store = createPushgateway({ ...config.pushgateway, url: base });
  try {
    return await checkGateway(gateway, config, () => readFlags(store));
  } finally {
    await gateway.close();
    await store.close();
  }
}

async function readFlags(store: Pick<Pushgateway, 'lines'>): Promise<ReadonlyMap<string, string>> {
  let metrics = '';
  try {
    for await (const lines of store.lines('/metrics')) metrics += `${lines.join('\n')}\n`;
  } catch (failure) {
    if (!isRefusal(failure)) throw failure;
  }
  return storeFlags(metrics);
}

/** The answer of another server, or of a path that it does not have. */
function isRefusal(failure: unknown): boolean {
  return failure instanceof LedgerError && failure.kind === 'gateway-refused';
}

/** A sink is used by `watch` alone, and only where it does not record by itself. */
async function sinkFindings(config: Config): Promise<readonly Finding[]> {
  if (config.sink.url === undefined) return [];
  let sender: EventSender | undefined;
  try {
    sender = createEventSender(config.sink.url, config);
    return [await checkSink(sender, randomUUID())];
  } catch (failure) {
    return [failed('sink', failure)];
  } finally {
    await sender?.close();
  }
}

const marks = { right: ['green', '✓'], wrong: ['red', '✗'], unknown: ['yellow', '?'] } as const;

function line({ state, subject, fact, remedy }: Finding): string {
  const [colour, mark] = marks[state];
  const advice = remedy === '' ? '' : `; ${remedy}`;
  return `${styleText(colour, mark, { stream: process.stdout })} ${printable(`${subject.padEnd(18)}${fact}${advice}`)}`;
}
