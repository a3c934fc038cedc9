import type { KubeConfig } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';
import { LedgerError, reasonOf } from '../../errors.ts';
import { forbidden, unavailable, unusable } from './api-failure.ts';
import { parseStatus } from './api-status.ts';

/** What the API server answered: the object, or one of the two refusals that are an answer. */
export type ApiAnswer =
  | { readonly kind: 'object'; readonly body: ApiBody }
  /** 404: there is none. */
  | { readonly kind: 'absent' }
  /** 410: the continue token or the resource version has expired. */
  | { readonly kind: 'expired' };

/** The answer's text as it comes. A caller that does not read it to its end calls `destroy`. */
export type ApiBody = Dispatcher.ResponseData['body'];

/** The API server of Kubernetes, with the credentials of a kubeconfig or a service account. */
export interface ApiServer {
  /**
   * Gets a path, as `/api/v1/pods?limit=500`. Credentials are read again after a 401; nothing else is retried.
   *
   * @throws LedgerError `cluster-forbidden` with the permission that is missing; `cluster-unavailable` for what is
   * retryable, with `retryAfterMilliseconds` where the server gives it; `cluster-unconfigured` and
   * `cluster-unusable` for a configuration that leads to no API server or to no credentials.
   */
  get(path: string, open?: OpenAnswer): Promise<ApiAnswer>;
}

/** An answer that goes on until the caller or the server ends it. */
export interface OpenAnswer {
  readonly signal: AbortSignal;
  /** The longest time without a byte, while the answer is being read; then it fails. */
  readonly idleTimeoutMilliseconds: number;
}

export interface ApiServerOptions {
  /** Reads the configuration; called again when the credentials are no longer accepted. */
  readonly loadKubeConfig: () => Promise<KubeConfig>;
  /** For the first byte of an answer and each further wait of one that is read as a whole. */
  readonly timeoutMilliseconds: number;
}

export function createApiServer({ loadKubeConfig, timeoutMilliseconds }: ApiServerOptions): ApiServer {
  let configuration: Promise<KubeConfig> | undefined;

  async function attempt(path: string, open: OpenAnswer | undefined): Promise<Dispatcher.ResponseData> {
    configuration ??= loadKubeConfig();
    const { url, headers, dispatcher } = await authenticated(await configuration, path);
    return await request(url, {
      headers: { ...headers, accept: 'application/json' },
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: open?.idleTimeoutMilliseconds ?? timeoutMilliseconds,
      ...(dispatcher !== undefined && { dispatcher }),
      ...(open !== undefined && { signal: open.signal }),
    });
  }

  return {
    async get(path, open) {
      try {
        let answer = await attempt(path, open);
        if (answer.statusCode === 401) {
          await answer.body.dump();
          configuration = undefined;
          answer = await attempt(path, open);
        }
        return await answerIn(answer, path);
      } catch (error) {
        configuration = undefined;
        if (error instanceof LedgerError) throw error;
        throw unavailable(path, reasonOf(error), undefined, error);
      }
    },
  };
}

async function authenticated(configuration: KubeConfig, path: string) {
  const { RequestContext, HttpMethod } = await import('./client-library.ts');
  const server = configuration.getCurrentCluster()?.server ?? '';
  const context = new RequestContext(`${server.replace(/\/+$/, '')}${path}`, HttpMethod.GET);
  try {
    await configuration.applySecurityAuthentication(context);
  } catch (error) {
    throw unusable(`the credentials for ${server}`, reasonOf(error), error);
  }
  const headers = Object.entries(context.getHeaders()).map(([name, value]) => [name, value.trim()]);
  return { url: context.getUrl(), headers: Object.fromEntries(headers), dispatcher: context.getDispatcher() };
}

async function answerIn(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  path: string,
): Promise<ApiAnswer> {
  if (statusCode === 200) return { kind: 'object', body };
  const reason = parseStatus(await body.text()) || `it answered ${statusCode}`;
  if (statusCode === 404) return { kind: 'absent' };
  if (statusCode === 410) return { kind: 'expired' };
  if (statusCode === 401 || statusCode === 403) throw forbidden(path, statusCode, reason);
  throw unavailable(path, reason, retryAfter(headers['retry-after']));
}

/** Milliseconds; the API server gives whole seconds. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
