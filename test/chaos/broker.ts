import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Message } from '../helpers/send.ts';

/** From the sending of an event to its acknowledgement, in Unix milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface BrokerEvent {
  readonly message: Message;
  /** Each time that it was acknowledged; it grows. */
  readonly acknowledged: Span[];
}

/**
 * A model of a Knative broker: at-least-once. It retries what is answered 404, 408, 409, 429 or 5xx, broken connections, and
 * a 2xx with a body that is no event, with exponential back-off; after the last attempt, and at once after any other 4xx,
 * the dead-letter sink gets the event, until it acknowledges it.
 *
 * Source: https://knative.dev/docs/eventing/event-delivery/
 */
export interface Broker {
  /** Resolves when it has taken the event, which is once fewer than `mostOutstanding` are not settled. */
  publish(event: BrokerEvent): Promise<void>;
  /** Events that were acknowledged by a subscriber or by the dead-letter sink. */
  readonly settled: number;
  readonly deadLetters: readonly BrokerEvent[];
  /** Attempts by their status; 0 for a broken connection. */
  readonly answers: ReadonlyMap<number, number>;
  /** Resolves when everything that was published is settled. */
  idle(): Promise<void>;
  /** Gives up what is not settled. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Where one of the replicas is, whether it runs or not. */
  readonly subscriber: () => string;
  readonly deadLetterSink: string;
  readonly onSettled: () => void;
}

const mostOutstanding = 2000;
const mostUnderWay = 48;
const attempts = 5;
const firstBackOff = 50;
const requestTimeout = 10_000;
const retried = new Set([0, 404, 408, 409, 429]);

export function createBroker({ subscriber, deadLetterSink, onSettled }: BrokerOptions): Broker {
  const connections = new Agent({ connections: 32, headersTimeout: requestTimeout });
  const deadLetters: BrokerEvent[] = [];
  const answers = new Map<number, number>();
  const waiting: (() => void)[] = [];
  const observers = new Set<() => void>();
  let underWay = 0;
  let published = 0;
  let settled = 0;
  let isClosed = false;

  async function post(url: string, { headers, body }: Message, extra: object = {}): Promise<number> {
    if (underWay >= mostUnderWay) await new Promise<void>((resolve) => waiting.push(resolve));
    underWay += 1;
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { ...headers, ...extra },
        body: body ?? '',
        dispatcher: connections,
      });
      const reply = await answer.body.text();
      return answer.statusCode < 300 && reply !== '' ? 502 : answer.statusCode;
    } catch {
      return 0;
    } finally {
      underWay -= 1;
      waiting.shift()?.();
    }
  }

  async function deliver(event: BrokerEvent): Promise<void> {
    let status = 0;
    for (let attempt = 0; attempt < attempts && !isClosed; attempt += 1) {
      if (attempt > 0) await delay(firstBackOff * 2 ** attempt * (0.75 + Math.random() / 2));
      const from = Date.now();
      status = await post(subscriber(), event.message);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status >= 200 && status < 300) {
        event.acknowledged.push({ from, to: Date.now() });
        return;
      }
      if (status < 500 && !retried.has(status)) break;
    }
    const reason = { 'ce-knativeerrorcode': String(status) };
    while (!isClosed && (await post(deadLetterSink, event.message, reason)) !== 204)
      await delay(firstBackOff);
    deadLetters.push(event);
  }

  async function changed(): Promise<void> {
    await new Promise<void>((resolve) => observers.add(resolve));
  }

  return {
    answers,
    deadLetters,
    get settled() {
      return settled;
    },
    async publish(event) {
      while (published - settled >= mostOutstanding) await changed();
      if (isClosed) return;
      published += 1;
      void deliver(event).then(() => {
        settled += 1;
        for (const observer of observers) observer();
        observers.clear();
        onSettled();
      });
    },
    async idle() {
      while (settled < published) await changed();
    },
    async close() {
      isClosed = true;
      await connections.destroy();
    },
  };
}
