import { restartTime } from '../../restarts/restart.ts';
import { groupName, type ShownRestart } from '../timeline-data.ts';

/** What the page shows of all that it has. */
export interface Filter {
  /** Every word must occur in some text of a restart. */
  readonly text: string;
  readonly hiddenReasons: ReadonlySet<string>;
  /** For a field, the values of which a restart must have one. */
  readonly fields: ReadonlyMap<FilterField, readonly string[]>;
  /** Unix seconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The fields that the address can filter by: `?workload=shop/checkout&reason=OOMKilled`. */
const filterFields = ['namespace', 'workload', 'pod', 'container', 'node', 'image', 'reason'] as const;
export type FilterField = (typeof filterFields)[number];

/** What Grafana writes for a variable that is set to all. */
const all = new Set(['', 'All', '$__all', '.*']);

/**
 * The filter that an address names. Grafana's form is understood too, so that a dashboard link needs no more than
 * "include time range" and "include variables": `var-workload=checkout`, and `from`, `to` in Unix milliseconds or as `now-6h`.
 */
export function filterOfAddress(search: string, nowSeconds: number): Filter {
  const parameters = new URLSearchParams(search);
  const fields = new Map<FilterField, readonly string[]>();
  for (const field of filterFields) {
    const values = [...parameters.getAll(field), ...parameters.getAll(`var-${field}`)];
    const chosen = values.filter((value) => !all.has(value));
    if (chosen.length > 0) fields.set(field, chosen);
  }
  return {
    text: parameters.get('q') ?? '',
    hiddenReasons: new Set(parameters.getAll('hide')),
    fields,
    from: timeParameter(parameters.get('from'), nowSeconds),
    to: timeParameter(parameters.get('to'), nowSeconds),
  };
}

/** The query of the page's address that {@link filterOfAddress} reads back. */
export function addressOf({ text, hiddenReasons, fields, from, to }: Filter): string {
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('q', text);
  for (const [field, values] of fields) for (const value of values) parameters.append(field, value);
  for (const reason of hiddenReasons) parameters.append('hide', reason);
  if (from !== undefined) parameters.set('from', String(from * 1000));
  if (to !== undefined) parameters.set('to', String(to * 1000));
  return parameters.toString();
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Unix milliseconds, `now`, `now-6h`, or a time as RFC 3339 writes it; `undefined` for another form.
 * Source: https://grafana.com/docs/grafana/latest/dashboards/use-dashboards/#time-units-and-relative-ranges
 */
function timeParameter(text: string | null, nowSeconds: number): number | undefined {
  if (text === null || text === '') return undefined;
  const [relative, count = '0', unit = 's'] = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(text) ?? [];
  if (relative !== undefined) return nowSeconds - Number(count) * (unitSeconds[unit] ?? 0);
  const milliseconds = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** Whether a filter lets a restart through; `byReason: false` leaves the hidden reasons out of it, for their counts. */
export function createMatcher(
  { text, hiddenReasons, fields, from, to }: Filter,
  { byReason = true }: { readonly byReason?: boolean } = {},
): (restart: ShownRestart) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (restart) => {
    if (byReason && hiddenReasons.has(restart.reason)) return false;
    for (const [field, values] of fields)
      if (!values.some((value) => hasValue(restart, field, value))) return false;
    const time = restartTime(restart);
    if (from !== undefined && (time === undefined || time < from)) return false;
    if (to !== undefined && (time === undefined || time > to)) return false;
    return words.length === 0 || words.every((word) => searched(restart).includes(word));
  };
}

function hasValue({ lane, reason, node, image }: ShownRestart, field: FilterField, value: string): boolean {
  switch (field) {
    case 'workload':
      return (
        value === lane.workload ||
        value === groupName(lane) ||
        value === `${lane.workloadType}/${lane.workload}`
      );
    case 'reason':
      return value === reason;
    case 'node':
      return value === node;
    case 'image':
      return value === image;
    default:
      return value === lane[field];
  }
}

const searchedTexts = new WeakMap<ShownRestart, string>();

function searched(restart: ShownRestart): string {
  const known = searchedTexts.get(restart);
  if (known !== undefined) return known;
  const { lane, reason, exitCode, node, image } = restart;
  const text = [groupName(lane), lane.workloadType, lane.pod, lane.uid, lane.container, lane.containerKind]
    .concat(reason, String(exitCode), node, image)
    .join('\n')
    .toLowerCase();
  searchedTexts.set(restart, text);
  return text;
}
