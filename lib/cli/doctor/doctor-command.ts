import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { createEventSender, type EventSender } from '../../cloudevents/event-sender.ts';
import { type Config, type Environment, readConfig } from '../../config.ts';
import { createApiServer } from '../../kubernetes/api/api-server.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { clusterAccess, type KubectlOptions } from '../kubectl-options.ts';
import { printable } from '../output/printable.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type ClusterUse, checkCluster } from './check-cluster.ts';
import { checkGateway } from './check-gateway.ts';
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
  const findings: Finding[] = [];
  for (const check of [gatewayFindings, prometheusFindings, clusterFindings, sinkFindings]) {
    for (const finding of await check(config)) {
      findings.push(finding);
      terminal.out(line(finding));
    }
  }
  const faults = findings.filter(({ state }) => state === 'wrong').length;
  terminal.out(faults === 0 ? '\nnothing is wrong' : `\n${faults} to fix`);
  return faults === 0 ? 0 : 1;
}

async function gatewayFindings(config: Config): Promise<readonly Finding[]> {
  if (config.pushgateway.url === undefined) {
    return [wrong('Pushgateway', 'none is configured', 'give --pushgateway URL, or set PUSHGATEWAY_URL')];
  }
  const ledger = openLedger(config, { nowSeconds: () => Date.now() / 1000 });
  try {
    return await checkGateway(ledger.pushgateway, config.grouping);
  } finally {
    await ledger.close();
  }
}

async function prometheusFindings(config: Config): Promise<readonly Finding[]> {
  return [await checkPrometheus(config)];
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
