import { redact } from '../access/redact.ts';
import { bareUrl } from '../bare-url.ts';
import { type Server, urlSetting } from '../config/access-settings.ts';
import { LedgerError } from '../errors.ts';
import { isObject } from '../narrow.ts';
import { getFromPrometheus } from './get.ts';

/** One element of an answer. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** What a Prometheus answers: the series, or that these would be too many at once. */
export type QueryAnswer =
  | { readonly kind: 'series'; readonly series: readonly QueriedSeries[] }
  | { readonly kind: 'too-large'; readonly reason: string };

export interface QueryOptions {
  readonly timeoutMilliseconds: number;
  /** Unix seconds; by default now. */
  readonly at?: number;
  /** The longest answer that is read, in bytes; no limit by default. */
  readonly mostBytes?: number;
}

/**
 * The number of series in the result of an instant query.
 *
 * @throws LedgerError `prometheus-unavailable` when Prometheus does not answer the query.
 */
export async function seriesCount(
  prometheus: Server,
  query: string,
  timeoutMilliseconds: number,
): Promise<number> {
  const answer = await queryInstant(prometheus, query, { timeoutMilliseconds });
  if (answer.kind === 'too-large') throw unavailable(prometheus, answer.reason);
  return answer.series.length;
}

/**
 * The result of an instant query whose value is a vector, from any server that has the API of Prometheus.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 *
 * @throws LedgerError `prometheus-unavailable` when it does not answer the query.
 */
export async function queryInstant(
  prometheus: Server,
  query: string,
  { timeoutMilliseconds, at, mostBytes = Number.POSITIVE_INFINITY }: QueryOptions,
): Promise<QueryAnswer> {
  const url = queryUrl(prometheus);
  url.searchParams.set('query', query);
  if (at !== undefined) url.searchParams.set('time', String(at));
  const { status, text } = await getFromPrometheus(prometheus, url, {
    timeoutMilliseconds,
    async read({ statusCode, body }, secrets) {
      const text = await textOf(body, mostBytes);
      return {
        status: statusCode,
        text: statusCode === 200 || text === undefined ? text : redact(text, secrets),
      };
    },
  });
  if (text === undefined)
    return { kind: 'too-large', reason: `its answer is longer than ${mostBytes} bytes` };
  return answerIn(text, status, prometheus);
}

function queryUrl({ url }: Server): URL {
  return new URL('api/v1/query', `${bareUrl(url).replace(/\/*$/, '')}/`);
}

/** `undefined` when it is too long; the rest is not read then. */
async function textOf(body: AsyncIterable<Buffer>, mostBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Prometheus and those with its API answer 422 to a query that exceeds one of their limits, 503 to one that takes too long. */
const tooLargeStatuses: ReadonlySet<number> = new Set([422, 503]);

function answerIn(text: string, status: number, server: Server): QueryAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw unavailable(server, status === 200 ? 'the answer is not JSON' : `it answered ${status}`);
  }
  const { data, error } = isObject<Answer>(answer) ? answer : {};
  const result = isObject<{ result: readonly unknown[] }>(data) ? data.result : undefined;
  if (Array.isArray(result)) return { kind: 'series', series: result.flatMap(seriesIn) };
  if (typeof error === 'string') {
    const reason = `it answered ${status} (${error.slice(0, 300)})`;
    if (tooLargeStatuses.has(status)) return { kind: 'too-large', reason };
    throw unavailable(server, reason);
  }
  throw unavailable(server, status === 200 ? 'the answer is not a query result' : `it answered ${status}`);
}

interface Answer {
  readonly data: object;
  readonly error: string;
}

function seriesIn(element: unknown): readonly QueriedSeries[] {
  if (!isObject<{ metric: object; value: readonly unknown[] }>(element)) return [];
  const { metric, value } = element;
  if (!isObject<Record<string, unknown>>(metric) || !Array.isArray(value)) return [];
  return [{ labels: metric, value: Number(value[1]) }];
}

function unavailable(server: Server, fact: string): LedgerError {
  const remedy = `check ${urlSetting(server.access)} and that Prometheus runs`;
  const parts = { operation: 'querying', subject: bareUrl(queryUrl(server)), fact, remedy };
  return new LedgerError('prometheus-unavailable', parts);
}
