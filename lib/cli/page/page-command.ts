import { type Config, type Environment, insideCluster, readConfig } from '../../config.ts';
import { counted } from '../../counted.ts';
import { LedgerError } from '../../errors.ts';
import { createHttpServer } from '../../http/http-server.ts';
import { type HttpAnswer, problemAnswer } from '../../http/problem.ts';
import { openHistorySource } from '../../ledger/history/open-history-source.ts';
import { createLog, failureFields } from '../../observability/log.ts';
import { createOutageLog } from '../../observability/outage-log.ts';
import { aborted, takeSignals } from '../../signals.ts';
import { createTimelineEndpoint, type TimelineEndpoint } from '../../timeline/timeline-endpoint.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export interface PageOptions extends Pick<Overrides, 'pushgateway' | 'prometheus'> {
  readonly host?: string;
  readonly port?: string;
  /** How many days of a Prometheus the page shows. */
  readonly days: string;
}

/**
 * The command `restart-ledger page`: serves the timeline of what a Prometheus or a Pushgateway has on record, read-only, until
 * a signal comes.
 *
 * @throws LedgerError `usage` where nothing names a source; `configuration` when it cannot listen.
 */
export async function pageCommand(
  options: PageOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = readPageConfig(options, environment);
  const days = readDays(options.days);
  const { prometheus, pushgateway } = config;
  if (prometheus === undefined && pushgateway.url === undefined) throw noSource();
  using signals = takeSignals();
  const log = createLog(config.logLevel, process.stderr.fd);
  const nowSeconds = () => Date.now() / 1000;
  const nowMilliseconds = () => performance.now();
  const asked = {
    prometheus: options.prometheus !== undefined,
    pushgateway: options.pushgateway !== undefined,
    cluster: false,
    files: [],
  };
  const source = await openHistorySource(config, asked, { nowSeconds });
  const outages = createOutageLog<string>(nowMilliseconds, 'the page shows what was read before');
  const endpoint = createTimelineEndpoint({
    title: 'Container restarts',
    source:
      source.kind === 'prometheus'
        ? `${source.description}, the last ${counted(days, 'day')}`
        : source.description,
    read: () => {
      // A Pushgateway has what no sweep has deleted yet, also what has no time.
      const since = source.kind === 'prometheus' ? nowSeconds() - days * 86_400 : undefined;
      return source.read({ since, until: undefined });
    },
    nowSeconds,
    nowMilliseconds,
    onRead: (failure) => {
      if (failure === undefined) outages.succeeded(log, source.description);
      else outages.failed(log, source.description, failure);
    },
  });
  const server = createHttpServer({
    answer: ({ method = '', url = '', headers }) => answerOf(method, url, headers['if-none-match'], endpoint),
    failureAnswer: (failure) => {
      log.error(failureFields(failure), 'a request was not answered');
      return problemAnswer(failure);
    },
    listenRemedy: 'give an address that is free by --host and --port, or by HOST and PORT',
  });
  try {
    const url = await server.listen(config.server);
    terminal.out(`timeline  ${url}/`);
    await aborted(signals.signal);
  } finally {
    await server.close();
    await source.close();
  }
  return 0;
}

async function answerOf(
  method: string,
  url: string,
  ifNoneMatch: string | undefined,
  endpoint: TimelineEndpoint,
): Promise<HttpAnswer> {
  if (method !== 'GET' && method !== 'HEAD') {
    const allowed = text(405, 'this server is read-only\n');
    return { ...allowed, headers: { ...allowed.headers, allow: 'GET, HEAD' } };
  }
  const [path = ''] = url.split('?', 1);
  // The page is ready without its source: it shows the outage.
  if (path === '/health/liveness' || path === '/health/readiness') return text(200, 'OK');
  return (await endpoint({ path, ifNoneMatch })) ?? text(404, 'not found; the timeline is at /\n');
}

function text(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** Outside a cluster only this machine sees the page. The dashboard expects it at port 8081. */
function readPageConfig(options: PageOptions, environment: Environment): Config {
  const defaults = { PORT: '8081', ...(insideCluster(environment) ? {} : { HOST: '127.0.0.1' }) };
  return readConfig({ ...defaults, ...environment }, [
    ...flagsOf(options),
    { name: '--host', variable: 'HOST', value: options.host },
    { name: '--port', variable: 'PORT', value: options.port },
  ]);
}

function readDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 365) return days;
  throw new LedgerError('usage', {
    operation: 'reading',
    subject: 'the options',
    fact: `--days=${JSON.stringify(text)} is not a whole number from 1 to 365`,
    remedy: 'correct the command line',
  });
}

function noSource(): LedgerError {
  return new LedgerError('usage', {
    operation: 'choosing',
    subject: 'what the page shows',
    fact: 'neither a Prometheus nor a Pushgateway is given',
    remedy: 'give --prometheus or --pushgateway, or set PROMETHEUS_URL or PUSHGATEWAY_URL',
  });
}
