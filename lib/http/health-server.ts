import type { Config } from '../config.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { type PagesDependencies, pageAnswer } from './endpoints.ts';
import { createHttpServer, writeAnswer } from './http-server.ts';

/** A server of probes and metrics alone, for a process that takes no requests. */
export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws LedgerError `configuration` when it cannot listen. */
export async function startHealthServer(
  { host, port }: Pick<Config['server'], 'host' | 'port'>,
  pages: PagesDependencies,
): Promise<HealthServer> {
  const server = createHttpServer(async ({ method = '', url = '' }, response) => {
    writeAnswer(response, await pageAnswer(method, url, pages), false);
  });
  try {
    return { url: await server.listen({ host, port }), close: server.close };
  } catch (cause) {
    const remedy = 'set HOST and PORT to an address that is free';
    const parts = { operation: 'listening on', subject: `${host}:${port}`, fact: reasonOf(cause), remedy };
    throw new LedgerError('configuration', parts, { cause });
  }
}
