import { type DeadLetter, readDeadLetter } from '../../cloudevents/dead-letter.ts';
import { type Config, type Environment, readConfig } from '../../config.ts';
import { createEventServer } from '../../http/event-server.ts';
import type { Handle } from '../../http/handle-batch.ts';
import { problemAnswer } from '../../http/problem.ts';
import { createFunctionMetrics } from '../../observability/function-metrics.ts';
import { createLog, failureFields } from '../../observability/log.ts';
import { aborted, takeSignals } from '../../signals.ts';
import type { ExitCode } from '../terminal.ts';
import { openDeadLetters } from './dead-letter-file.ts';

/**
 * The command `restart-ledger dead-letters`: a sink for what a broker gave up on. It keeps every request, an event or not, in a
 * file that `restart-ledger replay` reads, and acknowledges it when it is on the disk; ends on SIGTERM or SIGINT.
 *
 * @throws LedgerError `configuration` when the file or the port cannot be used.
 */
export async function deadLettersCommand(path: string, environment: Environment): Promise<ExitCode> {
  using signals = takeSignals();
  const config = readConfig(environment);
  const log = createLog(config.logLevel);
  const metrics = createFunctionMetrics();
  const deadLetters = await openDeadLetters(path);

  const handle: Handle<DeadLetter> = async (_context, { line, attributes }) => {
    const start = performance.now();
    const { id, type, source, knativeerrorcode } = attributes;
    try {
      await deadLetters.keep(line);
      metrics.eventHandled('kept', (performance.now() - start) / 1000);
      log.warn({ id, type, source, knativeerrorcode }, 'a dead letter was kept');
      return undefined;
    } catch (error) {
      metrics.eventHandled('failed', (performance.now() - start) / 1000);
      log.error({ id, type, source, ...failureFields(error) }, 'a dead letter was not kept');
      return problemAnswer(error);
    }
  };

  const server = createEventServer({
    config: { ...config.server, ...config.deadLetters, maxBodyBytes: largestBody(config.server) },
    readMessage: (headers, body) => [readDeadLetter(headers, body)],
    handle,
    metrics,
    log,
  });
  try {
    const url = await server.listen({ host: config.server.host, port: config.server.port });
    log.info({ url, file: path }, 'listening');
    await aborted(signals.signal);
  } finally {
    await server.close();
    await deadLetters.close();
  }
  return 0;
}

/** What the function refuses as too large is kept too, within what the memory allows. */
function largestBody({ maxBodyBytes, maxBytesInFlight }: Config['server']): number {
  return Math.min(4 * maxBodyBytes, maxBytesInFlight);
}
