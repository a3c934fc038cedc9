import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { until } from '../until.ts';
import type { Certificates } from './certificates.ts';

/** The administrator's requests to the API server. They are repeated for a minute while it cannot be reached. */
export interface ApiClient {
  /** @throws Error for an answer that is not 2xx, other than 409 to a `POST`: then the object is there. */
  send(method: string, path: string, body?: object, contentType?: string): Promise<unknown>;
}

export function createApiClient(server: string, certificates: Certificates, signal: AbortSignal): ApiClient {
  const tls = {
    ca: certificates.read('ca.crt'),
    cert: certificates.read('admin.crt'),
    key: certificates.read('admin.key'),
    agent: false,
  } as const;

  async function once(
    method: string,
    path: string,
    body: object | undefined,
    type: string,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
    const outgoing = request(`${server}${path}`, { ...tls, method, timeout: 20_000 }, (answer) => {
      text(answer).then((received) => resolve({ status: answer.statusCode ?? 0, body: received }), reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
    outgoing.on('error', reject);
    outgoing.setHeader('content-type', type);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    return await promise;
  }

  return {
    async send(method, path, body, contentType = 'application/json') {
      const answer = await until(async () => {
        const received = await once(method, path, body, contentType);
        if (received.status >= 500 || received.status === 429) throw new Error(received.body);
        return received;
      }, signal);
      if (answer.status >= 300 && !(method === 'POST' && answer.status === 409)) {
        throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
      }
      return answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body;
    },
  };
}
