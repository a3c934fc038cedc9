import type { AccessSettings, Server } from '../../lib/config/access-settings.ts';

/** A Prometheus that is reached with these settings. */
export function prometheusAt(url: string, access: Omit<AccessSettings, 'prefix'> = {}): Server {
  return { url: new URL(url), access: { prefix: 'PROMETHEUS', ...access } };
}
