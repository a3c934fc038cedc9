/** Below which path a VictoriaMetrics imports the Prometheus text format; its cluster version has one of each tenant. */
const importPath = '/api/v1/import/prometheus';

/** Where a VictoriaMetrics imports, and where the rest of its API is. */
export interface ImportAddress {
  readonly importUrl: string;
  readonly baseUrl: string;
}

/**
 * The addresses of a VictoriaMetrics that is named by its base URL, by that of a tenant of its cluster version
 * (`…/insert/0` or `…/insert/0/prometheus`), or by the URL that PUSHGATEWAY_URL has for it.
 *
 * Source: https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#url-format
 */
export function importAddress({ origin, pathname }: URL): ImportAddress {
  const named = pathname.replace(/\/+$/, '').replace(new RegExp(`${importPath}$`), '');
  const path = /\/insert\/[^/]+$/.test(named) ? `${named}/prometheus` : named;
  return { importUrl: `${origin}${path}${importPath}`, baseUrl: `${origin}${path}` };
}
