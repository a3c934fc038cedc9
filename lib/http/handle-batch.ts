import { LedgerError, reasonOf } from '../errors.ts';
import type { Log } from '../observability/log.ts';
import { gravest, type HttpAnswer, statusOf } from './problem.ts';

/** What a host passes to the function with an event. */
export interface EventContext {
  readonly log: Log;
  /**
   * Takes the failure of an event that is refused, for a host that logs the refused events of a batch in one line.
   * Without it the function logs each of them.
   */
  readonly onRefused?: (failure: unknown) => void;
}

/** The function as its host sees it. Never rejects; `undefined` is answered 204. */
export type Handle<Event = unknown> = (
  context: EventContext,
  event: Event,
) => Promise<HttpAnswer | undefined>;

const mostEvents = 1000;
const mostAtOnce = 64;
const mostReasons = 3;

/**
 * Handles the events of a request, some at a time, and logs what was refused of a batch in one line.
 *
 * @returns the answer with the highest status, so that what is retryable outranks what is not; `undefined` when all are
 * acknowledged. Rejects with a LedgerError `too-large` for a batch of more than 1,000 events; none of them is handled.
 */
export function handleBatch<Event>(
  events: readonly Event[],
  handle: Handle<Event>,
  log: Log,
): Promise<HttpAnswer | undefined> {
  // By far the most requests carry one event, which needs neither workers nor a line for all.
  const [only] = events;
  if (events.length === 1 && only !== undefined) return handle({ log }, only);
  return handleSeveral(events, handle, log);
}

async function handleSeveral<Event>(
  events: readonly Event[],
  handle: Handle<Event>,
  log: Log,
): Promise<HttpAnswer | undefined> {
  if (events.length > mostEvents) throw tooMany(events.length);
  const failures: unknown[] = [];
  const context: EventContext = { log, onRefused: (failure) => failures.push(failure) };
  const remaining = events.values();
  let answer: HttpAnswer | undefined;

  async function handleRemaining(): Promise<void> {
    for (const event of remaining) answer = graver(await handle(context, event), answer);
  }

  const workers = Array.from({ length: Math.min(mostAtOnce, events.length) }, handleRemaining);
  await Promise.all(workers);
  if (failures.length > 0) logRefused(failures, events.length, log);
  return answer;
}

function graver(one: HttpAnswer | undefined, other: HttpAnswer | undefined): HttpAnswer | undefined {
  return (one?.statusCode ?? 0) > (other?.statusCode ?? 0) ? one : other;
}

function logRefused(failures: readonly unknown[], events: number, log: Log): void {
  const status = statusOf(gravest(failures));
  const reasons = [...new Set(failures.map(reasonOf))].slice(0, mostReasons);
  const unexpected = failures.find((failure) => !(failure instanceof LedgerError));
  const fields = {
    status,
    events,
    refused: failures.length,
    reasons,
    ...(unexpected !== undefined && { err: unexpected }),
  };
  if (status >= 500) log.error(fields, 'events of a batch were not recorded');
  else log.warn(fields, 'events of a batch were refused');
}

function tooMany(events: number): LedgerError {
  return new LedgerError('too-large', {
    operation: 'reading',
    subject: 'the batch',
    fact: `it has ${events} events`,
    remedy: `send at most ${mostEvents} events at a time`,
  });
}
