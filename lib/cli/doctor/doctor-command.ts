import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { createEventSender } from '../../cloudevents/event-sender.ts';
import { type Config, type Environment, readConfig, withoutCluster } from '../../config.ts';
import { createApiServer } from '../../kubernetes/api/api-server.ts';
import { loadKubeConfig } from '../../kubernetes/api/kube-config.ts';
import { createPushgateway } from '../../pushgateway/pushgateway.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { checkCluster } from './check-cluster.ts';
import { checkGateway } from './check-gateway.ts';
import { checkPrometheus } from './check-prometheus.ts';
import { checkSink } from './check-sink.ts';
import { type Finding, wrong } from './finding.ts';

export interface DoctorOptions {
  readonly pushgateway?: string;
  readonly prometheus?: string;
  readonly sink?: string;
}

/** The command `restart-ledger doctor`: says in a line each what is right about a set-up, and what to do. */
export async function doctorCommand(
  { pushgateway, prometheus, sink }: DoctorOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = readConfig({
    ...withoutCluster(environment),
    ...(pushgateway !== undefined && { PUSHGATEWAY_URL: pushgateway }),
    ...(prometheus !== undefined && { PROMETHEUS_URL: prometheus }),
    ...(sink !== undefined && { K_SINK: sink }),
  });
  const findings: Finding[] = [];
  for (const check of [gatewayFindings, prometheusFindings, clusterFindings, sinkFindings]) {
    for (const finding of await check(config)) {
      findings.push(finding);
      terminal.out(line(finding));
    }
  }
  const faults = findings.filter(({ state }) => state === 'wrong').length;
  terminal.out(faults === 0 ? '\nnothing is wrong' : `\n${faults} to mend`);
  return faults === 0 ? 0 : 1;
}

async function gatewayFindings({ pushgateway, grouping }: Config): Promise<readonly Finding[]> {
  const { url, timeoutMilliseconds, connections } = pushgateway;
  if (url === undefined) {
    return [wrong('Pushgateway', 'none is named', 'give --pushgateway URL, or set PUSHGATEWAY_URL')];
  }
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  try {
    return await checkGateway(gateway, grouping);
  } finally {
    await gateway.close();
  }
}

async function prometheusFindings(config: Config): Promise<readonly Finding[]> {
  return [await checkPrometheus(config)];
}

async function clusterFindings({ cluster }: Config): Promise<readonly Finding[]> {
  const { timeoutMilliseconds } = cluster;
  return await checkCluster(createApiServer({ loadKubeConfig, timeoutMilliseconds }), cluster);
}

/** A sink is needed by `watch` alone, and only where it does not record by itself. */
async function sinkFindings({ sink, pushgateway }: Config): Promise<readonly Finding[]> {
  if (sink.url === undefined) return [];
  const { timeoutMilliseconds, connections } = pushgateway;
  const { url, authorities } = sink;
  const sender = createEventSender({ url, timeoutMilliseconds, connections, authorities });
  try {
    return [await checkSink(sender, randomUUID())];
  } finally {
    await sender.close();
  }
}

const marks = { right: ['green', '✓'], wrong: ['red', '✗'], unknown: ['yellow', '?'] } as const;

function line({ state, subject, fact, remedy }: Finding): string {
  const [colour, mark] = marks[state];
  const advice = remedy === '' ? '' : `; ${remedy}`;
  return `${styleText(colour, mark, { stream: process.stdout })} ${subject.padEnd(18)}${fact}${advice}`;
}
