/** The process of `npm start`: configuration, the host, and shutdown on a signal. */

import { settings } from '../lib/config/settings.ts';
import { processEnvironment, readConfig } from '../lib/config.ts';
import { createLog, failureFields } from '../lib/observability/log.ts';
import { openTracing } from '../lib/observability/open-tracing.ts';
import { aborted, takeSignals } from '../lib/signals.ts';
import { serve } from './serve.ts';

async function main(): Promise<void> {
  // Before the start, so that a signal during the start also ends it in good order.
  const { signal } = takeSignals();
  const config = readConfig(processEnvironment());
  const log = createLog(config.logLevel);
  const tracing = await openTracing(processEnvironment(), log);
  const served = await serve(config, log, { anyPort: false });
  await aborted(signal);
  log.info({ signal: signal.reason }, 'closing: answering what is in flight');
  await served.close();
  await tracing.close();
  log.info({}, 'closed');
}

try {
  await main();
} catch (error) {
  createLog(settings.logLevel.fallback).fatal(failureFields(error), 'not started');
  process.exitCode = 1;
}
