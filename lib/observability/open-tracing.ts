import { readTracing } from '../config/tracing.ts';
import type { Environment } from '../config.ts';
import type { Log } from './log.ts';
import { isTraced } from './spans.ts';
import type { Tracing } from './tracing.ts';

/**
 * Exports the spans of the process to where its environment says. Where it does not, or another OpenTelemetry SDK is loaded,
 * nothing is loaded and nothing done.
 *
 * @throws LedgerError `configuration` when a variable cannot be used.
 */
export async function openTracing(environment: Environment, log: Log): Promise<Tracing> {
  const config = isTraced() ? undefined : readTracing(environment);
  if (config === undefined) return { close: () => Promise.resolve() };
  const { startTracing } = await import('./tracing.ts');
  return startTracing(config, log);
}
