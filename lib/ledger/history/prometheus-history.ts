import pMap from 'p-map';
import { addressOf } from '../../bare-url.ts';
import type { Server } from '../../config/access-settings.ts';
import { LedgerError } from '../../errors.ts';
import { combined, createRecordReader, detailsFamily, eventsFamily } from '../../metrics/read-record.ts';
import { type QueriedSeries, queryInstant } from '../../prometheus/instant-query.ts';
import { addTo, type HistorySource, inOrder, type RestartsById } from './history-source.ts';
import { daysOf, partsOf, type UtcSlice, weeksOf } from './utc-slices.ts';

export interface PrometheusHistoryOptions {
  readonly timeoutMilliseconds: number;
  /** How long records are stored after their restart, and so how late one may be recorded; `Infinity` for ever. */
  readonly retentionSeconds: number;
  readonly nowSeconds: () => number;
  /** Called with how much of the range has been read, from 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** How far back a read goes that does not say. */
const defaultDays = 30;

/** Queries at a time. A server evaluates each on one core. */
const concurrency = 2;

/** How long after its restart a record is usually scraped for the first time, generously. */
const usualDelay = 6 * 3600;

/** Within so long every target has been scraped. */
const scrapeSpan = 900;

/** Longer answers are asked for in parts, since each is in memory as a whole. */
const mostBytes = 16 * 1024 * 1024;

/**
 * The restarts that a Prometheus, or a server with its API, has: those that were scraped, and those that were backfilled
 * at their own times.
 *
 * A scraped record stands in the store for days. So each day's restarts are asked for by the day in their own time,
 * `finished_time`, in the samples of that day alone, and not once more for every day on which they were stored.
 *
 * @param prometheus Its URL may contain credentials.
 */
export function prometheusHistory(prometheus: Server, options: PrometheusHistoryOptions): HistorySource {
  const { timeoutMilliseconds, retentionSeconds, nowSeconds, onProgress } = options;
  const address = addressOf(prometheus.url);

  /** The series of a slice of the time; in parts where they are too many at once. */
  async function seriesOf(
    slice: UtcSlice,
    expressionOf: (slice: UtcSlice) => Expression | undefined,
    take: (series: readonly QueriedSeries[]) => void,
  ): Promise<void> {
    const expression = expressionOf(slice);
    if (expression === undefined) return;
    const { text, at } = expression;
    const answer = await queryInstant(prometheus, text, { timeoutMilliseconds, at, mostBytes });
    if (answer.kind === 'series') return take(answer.series);
    const parts = partsOf(slice);
    if (parts.length === 0) throw tooLarge(address, answer.reason);
    for (const part of parts) await seriesOf(part, expressionOf, take);
  }

  return {
    description: `Prometheus ${address}`,
    async read({ since, until }) {
      const now = Math.ceil(nowSeconds());
      const restarts: RestartsById = new Map();
      const reader = createRecordReader();
      const from = since ?? (until ?? now) - defaultDays * 86_400;
      const range = { since: since === undefined && until === undefined ? undefined : from, until };
      const last = Math.min(until ?? now, now);
      const days = daysOf(from, last);
      const take = (family: string) => (series: readonly QueriedSeries[]) => {
        for (const { labels, value } of series) {
          const restart = reader.read(family, (name) => textOf(labels[name]), value);
          if (restart !== undefined) addTo(restarts, restart, combined);
        }
      };
      for (const week of weeksOf(from, last)) {
        for (const family of [detailsFamily, eventsFamily])
          await seriesOf(week, (slice) => withoutTime(family, slice, now), take(family));
      }
      let read = 0;
      await pMap(
        days,
        async (day) => {
          await seriesOf(day, (slice) => recordedInTime(slice, now), take(detailsFamily));
          await seriesOf(day, (slice) => recordedLate(slice, now, retentionSeconds), take(detailsFamily));
          read += 1;
          onProgress?.(read / days.length);
        },
        { concurrency },
      );
      return inOrder(restarts.values(), range);
    },
  };
}

/** An expression, and when it is evaluated, in Unix seconds. */
interface Expression {
  readonly text: string;
  readonly at: number;
}

function recordedInTime({ prefix, start, length }: UtcSlice, now: number): Expression | undefined {
  const window = { start, at: Math.min(start + length + usualDelay, now) };
  return lastOverTime(`${detailsFamily}{finished_time=~"${prefix}.*"}`, window);
}

/**
 * What is stored when the slice's records are about to be swept, and was not stored when they are usually recorded: what
 * a reconcile, a dead letter or a replay has brought later.
 */
function recordedLate(
  { prefix, start, length }: UtcSlice,
  now: number,
  retentionSeconds: number,
): Expression | undefined {
  const usual = start + length + usualDelay;
  const at = Math.min(start + retentionSeconds, now);
  if (at <= usual) return undefined;
  const stored = `last_over_time(${detailsFamily}{finished_time=~"${prefix}.*"}[${scrapeSpan}s]`;
  return { text: `${stored}) unless ${stored} offset ${at - usual}s)`, at };
}

/** The records of restarts of which it is not known when the container ended. */
function withoutTime(family: string, { start, length }: UtcSlice, now: number): Expression | undefined {
  return lastOverTime(`${family}{restart_id=~"[0-9]+_0"}`, { start, at: Math.min(start + length, now) });
}

/** Prometheus 3 leaves the start of a window out, earlier ones do not. */
function lastOverTime(
  selector: string,
  { start, at }: { readonly start: number; readonly at: number },
): Expression | undefined {
  return at < start ? undefined : { text: `last_over_time(${selector}[${at - start + 1}s])`, at };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function tooLarge(address: string, reason: string): LedgerError {
  return new LedgerError('prometheus-unavailable', {
    operation: 'querying',
    subject: address,
    fact: `it cannot answer for a single minute: ${reason}`,
    remedy: 'raise the limits of its queries',
  });
}
