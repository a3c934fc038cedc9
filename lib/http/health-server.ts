import type { Config } from '../config.ts';
import { failureFields, type Log } from '../observability/log.ts';
import { type EndpointDependencies, endpointAnswer } from './endpoints.ts';
import { createHttpServer, hostRemedy } from './http-server.ts';
import { problemAnswer } from './problem.ts';

/** A server of probes and metrics alone, for a process that takes no requests. */
export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws LedgerError `configuration` when it cannot listen. */
export async function startHealthServer(
  { host, port }: Pick<Config['server'], 'host' | 'port'>,
  { log, ...endpoints }: EndpointDependencies & { readonly log: Log },
): Promise<HealthServer> {
  const server = createHttpServer({
    answer: ({ method = '', url = '' }) => endpointAnswer(method, url, endpoints),
    failureAnswer: (failure) => {
      log.error(failureFields(failure), 'a probe was not answered');
      return problemAnswer(failure);
    },
    listenRemedy: hostRemedy,
  });
  return { url: await server.listen({ host, port }), close: server.close };
}
