import { LedgerError } from '../errors.ts';
import { isObject } from '../narrow.ts';
import type { Pushgateway } from './pushgateway.ts';

/** The status of a Pushgateway. */
export interface GatewayStatus {
  readonly version: string;
  /** Its command line flags by name; empty for the embedded gateway. */
  readonly flags: Readonly<Record<string, string>>;
}

/**
 * The status of the gateway; `undefined` when it answers and is not a Pushgateway: 404, 405, or something else than a
 * status. VictoriaMetrics, which lists and deletes no groups, answers 204 below the path that accepts pushes.
 *
 * Source: https://github.com/prometheus/pushgateway#query-api
 *
 * @throws LedgerError `gateway-unavailable` when it is unavailable, `gateway-refused` when it refuses the request for
 * another reason, such as wrong credentials.
 */
export async function gatewayStatus(gateway: Pick<Pushgateway, 'lines'>): Promise<GatewayStatus | undefined> {
  let text = '';
  try {
    for await (const lines of gateway.lines('/api/v1/status')) text += lines.join('');
  } catch (error) {
    if (error instanceof LedgerError && isMissing(error)) return undefined;
    throw error;
  }
  return statusIn(text);
}

function isMissing({ kind, status }: LedgerError): boolean {
  return kind === 'gateway-refused' && (status === 404 || status === 405);
}

function statusIn(text: string): GatewayStatus | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject<{ data: unknown }>(answer) || !isObject<StatusData>(answer.data)) return undefined;
  const { build_information: build, flags } = answer.data;
  if (!isObject<{ version: string }>(build) || !isObject<Record<string, string>>(flags)) return undefined;
  const entries = Object.entries(flags).map(([name, value]) => [name, String(value)] as const);
  return { version: String(build.version), flags: Object.fromEntries(entries) };
}

interface StatusData {
  readonly build_information: object;
  readonly flags: object;
}
