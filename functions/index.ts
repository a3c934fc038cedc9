/**
 * The function as a standard Knative function module, for any host that calls `handle(context, event)`:
 * https://knative.dev/docs/functions/. `npm start` serves it by the project's own host, lib/http/event-server.ts.
 */
import { processEnvironment, readConfig } from '../lib/config.ts';
import type { HttpAnswer } from '../lib/http/problem.ts';
import { createFunctionMetrics } from '../lib/observability/function-metrics.ts';
import { createLedgerFunction, type FunctionContext, type LedgerFunction } from './ledger-function.ts';

let running: LedgerFunction | undefined;

/** Reads the configuration and opens nothing yet; a host that does not call it gets the same at the first event. */
export function init(): void {
  running ??= createLedgerFunction({
    config: readConfig(processEnvironment()),
    metrics: createFunctionMetrics(),
    now: () => performance.now() / 1000,
    clock: () => Date.now() / 1000,
  });
}

/** Resolves with `undefined`, which hosts answer as 204, or with `{ statusCode, headers, body }`. */
export async function handle(context: FunctionContext, event: unknown): Promise<HttpAnswer | undefined> {
  init();
  return await running?.handle(context, event);
}

export async function shutdown(): Promise<void> {
  await running?.shutdown();
  running = undefined;
}

/** Nothing is remembered and nothing can wear out: a process that answers is alive. */
export function liveness(): string {
  return 'OK';
}

/** An absent Pushgateway does not count: it would take every replica out, and each answers 503 by itself. */
export function readiness(): string {
  return 'OK';
}
