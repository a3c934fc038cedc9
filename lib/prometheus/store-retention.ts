/** How many seconds a unit of `-retentionPeriod` has; a number without one is months of 31 days. */
const units: Readonly<Record<string, number>> = {
  '': 31 * 86_400,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  y: 365 * 86_400,
};

/** How long a VictoriaMetrics keeps samples. */
export interface StoreRetention {
  /** As its flag has it: `90d`. */
  readonly flag: string;
  readonly seconds: number;
}

/**
 * The `-retentionPeriod` among the flags of a VictoriaMetrics; `undefined` where it is not, as in the cluster version, whose
 * storage nodes have it.
 *
 * Source: https://docs.victoriametrics.com/victoriametrics/#retention
 */
export function storeRetention(flags: ReadonlyMap<string, string>): StoreRetention | undefined {
  const flag = flags.get('retentionPeriod') ?? '';
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([hdwy]?)$/.exec(flag) ?? [];
  const seconds = Number(number) * (units[unit] ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : { flag, seconds };
}
