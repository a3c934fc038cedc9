/**
 * The flags of a VictoriaMetrics by name, which are among its metrics; empty for any other server.
 *
 * Source: https://docs.victoriametrics.com/victoriametrics/#list-of-command-line-flags
 */
export function storeFlags(metrics: string): ReadonlyMap<string, string> {
  const flags = metrics.matchAll(/^flag\{name="([^"]*)", value="((?:[^"\\]|\\.)*)"/gm);
  return new Map(Array.from(flags, ([, name = '', value = '']) => [name, value] as const));
}
