/** The process of `npm start`: configuration, the host, and its end on a signal. */
import { processEnvironment, readConfig, settings } from '../lib/config.ts';
import { createLog, failureFields } from '../lib/telemetry/log.ts';
import { serve } from './serve.ts';

async function main(): Promise<void> {
  const config = readConfig(processEnvironment());
  const log = createLog(config.logLevel);
  const served = await serve(config, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      log.info({ signal }, 'closing: answering what is in flight');
      await served.close();
      log.info({}, 'closed');
    });
  }
}

try {
  await main();
} catch (error) {
  createLog(settings.logLevel.fallback).fatal(failureFields(error), 'not started');
  process.exitCode = 1;
}
