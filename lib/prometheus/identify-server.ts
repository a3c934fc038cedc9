import { isObject } from '../narrow.ts';

/** What a server said to a GET. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The header field `X-Server-Hostname`, which the HTTP server of VictoriaMetrics sets; empty where there is none. */
  readonly serverHostname: string;
}

export type Get = (url: string) => Promise<Reply>;

/** A server that is not what was expected. */
export type OtherServer = 'a Pushgateway' | 'a Prometheus' | 'another path of VictoriaMetrics' | 'unknown';

/**
 * What answers at a base URL: a Pushgateway and a Prometheus show their build, VictoriaMetrics its host.
 *
 * Sources: https://github.com/prometheus/pushgateway#query-api and
 * https://prometheus.io/docs/prometheus/latest/querying/api/#build-information
 */
export async function identifyServer(baseUrl: string, get: Get): Promise<OtherServer> {
  const build = await get(`${baseUrl}/api/v1/status/buildinfo`);
  if (build.serverHostname !== '') return 'another path of VictoriaMetrics';
  if (isObject<{ version: unknown }>(dataOf(build)?.data)) return 'a Prometheus';
  const status = dataOf(await get(`${baseUrl}/api/v1/status`))?.data;
  return isObject<{ build_information: unknown }>(status) && status.build_information !== undefined
    ? 'a Pushgateway'
    : 'unknown';
}

function dataOf({ status, text }: Reply): { readonly data?: unknown } | undefined {
  if (status !== 200) return undefined;
  try {
    const answer: unknown = JSON.parse(text);
    return isObject<{ data: unknown }>(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}
