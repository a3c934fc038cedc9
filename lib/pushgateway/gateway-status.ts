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
 * The status of the gateway; `undefined` when it accepts pushes and is not a Pushgateway (VictoriaMetrics), which lists
 * and deletes no groups.
 *
 * Source: https://github.com/prometheus/pushgateway#query-api
 *
 * @throws LedgerError `gateway-unavailable` when it is unavailable.
 */
export async function gatewayStatus(gateway: Pick<Pushgateway, 'lines'>): Promise<GatewayStatus | undefined> {
  let text = '';
  try {
    for await (const lines of gateway.lines('/api/v1/status')) text += lines.join('');
  } catch (error) {
    if (error instanceof LedgerError && error.kind === 'gateway-refused') return undefined;
    throw error;
  }
  return statusIn(text);
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
