/**
 * The function as a standard Knative function module, for any host that calls `handle(context, event)`:
 * https://knative.dev/docs/functions/. `npm start` serves it by the project's own host, lib/http/event-server.ts.
 */
import { processEnvironment, readConfig } from '../lib/config.ts';
import type { HttpAnswer } from '../lib/http/problem.ts';
import { openLedger } from '../lib/ledger/open-ledger.ts';
import type { FunctionContext } from './function-context.ts';
import { createLedgerFunction, type LedgerFunction } from './ledger-function.ts';

export type { FunctionContext, HttpAnswer };

let running: LedgerFunction | undefined;

/** Reads the configuration and opens nothing yet; without this call the first event does the same. */
export function init(): void {
  running ??= start();
}

function start(): LedgerFunction {
  const config = readConfig(processEnvironment());
  const nowSeconds = () => Date.now() / 1000;
  return createLedgerFunction({ ledger: openLedger(config, { nowSeconds }), config, nowSeconds });
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

/** The function keeps no state that could break: a process that answers is alive. */
export function liveness(): string {
  return 'OK';
}

/** An unavailable Pushgateway does not count: it would take every replica out, and each answers 503 by itself. */
export function readiness(): string {
  return 'OK';
}
