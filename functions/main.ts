/** The process of `npm start`: configuration, the host, and its end on a signal. */

import { settings } from '../lib/config/settings.ts';
import { processEnvironment, readConfig } from '../lib/config.ts';
import { createLog, failureFields } from '../lib/observability/log.ts';
import { serve } from './serve.ts';

async function main(): Promise<void> {
  const ended = Promise.withResolvers<NodeJS.Signals>();
  // From before the start until the end, so that neither an early signal nor a second one cuts anything off.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, ended.resolve);
  const config = readConfig(processEnvironment());
  const log = createLog(config.logLevel);
  const served = await serve(config, log);
  const signal = await ended.promise;
  log.info({ signal }, 'closing: answering what is in flight');
  await served.close();
  log.info({}, 'closed');
}

try {
  await main();
} catch (error) {
  createLog(settings.logLevel.fallback).fatal(failureFields(error), 'not started');
  process.exitCode = 1;
}
