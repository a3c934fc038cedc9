import { type Cursor, fail, peek, skipBlanks, take, takeHelp, takeLabelValue } from './cursor.ts';
import {
  type ExposedFamily,
  type ExposedMetric,
  type FamilyType,
  familyTypes,
  type MetricValue,
} from './exposed-family.ts';
import { parseGoFloat } from './go-float.ts';
import { quoted } from './parse-error.ts';

interface Draft {
  readonly name: string;
  help: string | undefined;
  type: FamilyType | undefined;
  /** By labels, as text; a plain family may have the same labels twice. */
  readonly metrics: DraftMetric[];
  readonly distributions: Map<string, DraftMetric>;
}

interface DraftMetric {
  readonly labels: Map<string, string>;
  timestamped: boolean;
  value: number;
  readonly points: { readonly bound: number; readonly value: number }[];
  sum: number;
  count: number;
}

const metricName = /[A-Za-z_:][\w:]*/y;
const labelName = /[A-Za-z_]\w*/y;
const token = /[^ \t]*/y;
const anything = /.*/sy;

/**
 * The metric families of a text in the Prometheus text format 0.0.4, in the order of their first lines, without
 * those that have no sample.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format; where that is unspecified,
 * https://github.com/prometheus/common/blob/main/expfmt/text_parse.go, which the Pushgateway parses with.
 *
 * @throws TextFormatError with the Pushgateway's own message.
 */
export function parseExposition(text: string): ExposedFamily[] {
  const drafts = new Map<string, Draft>();
  const lines = text.split('\n');
  for (const [index, content] of lines.entries()) {
    const cursor: Cursor = { text: content, line: index + 1, ended: index < lines.length - 1, at: 0 };
    skipBlanks(cursor);
    const first = content.charAt(cursor.at);
    if (first === '#') readComment(cursor, drafts);
    else if (first !== '') readSample(cursor, drafts);
  }
  return [...drafts.values()].filter(({ metrics }) => metrics.length > 0).map(familyOf);
}

function readComment(cursor: Cursor, drafts: Map<string, Draft>): void {
  cursor.at += 1;
  skipBlanks(cursor);
  const keyword = take(cursor, token);
  if (keyword !== 'HELP' && keyword !== 'TYPE') {
    take(cursor, anything);
    peek(cursor);
    return;
  }
  skipBlanks(cursor);
  const name = take(cursor, metricName);
  const after = peek(cursor);
  if (after === '') return;
  if (after !== ' ' && after !== '\t') fail(cursor, 'invalid metric name in comment');
  const { draft } = draftOf(name, drafts);
  skipBlanks(cursor);
  if (peek(cursor) === '') return;
  if (keyword === 'HELP') {
    if (draft.help !== undefined) fail(cursor, `second HELP line for metric name ${quoted(draft.name)}`);
    draft.help = takeHelp(cursor);
  } else {
    if (draft.type !== undefined) {
      fail(cursor, `second TYPE line for metric name ${quoted(draft.name)}, or TYPE reported after samples`);
    }
    const given = take(cursor, anything);
    peek(cursor);
    draft.type = familyTypes.find((type) => type === given.toLowerCase());
    if (draft.type === undefined) fail(cursor, `unknown metric type ${quoted(given)}`);
  }
}

type Part = 'whole' | 'sum' | 'count';

/** The family that a name belongs to: its own, or the histogram or summary that it is a part of. */
function draftOf(name: string, drafts: Map<string, Draft>): { readonly draft: Draft; readonly part: Part } {
  const own = drafts.get(name);
  if (own !== undefined) return { draft: own, part: 'whole' };
  const [, base = '', suffix] = /^(.+)_(count|sum|bucket)$/.exec(name) ?? [];
  const whole = drafts.get(base);
  if (whole?.type === 'histogram' || (whole?.type === 'summary' && suffix !== 'bucket')) {
    return { draft: whole, part: suffix === 'count' || suffix === 'sum' ? suffix : 'whole' };
  }
  const draft: Draft = { name, help: undefined, type: undefined, metrics: [], distributions: new Map() };
  drafts.set(name, draft);
  return { draft, part: 'whole' };
}

function readSample(cursor: Cursor, drafts: Map<string, Draft>): void {
  const name = take(cursor, metricName);
  if (name === '') fail(cursor, 'invalid metric name');
  const { draft, part } = draftOf(name, drafts);
  draft.type ??= 'untyped';
  skipBlanks(cursor);
  const boundLabel = draft.type === 'histogram' ? 'le' : draft.type === 'summary' ? 'quantile' : undefined;
  const { labels, bound } = peek(cursor) === '{' ? readLabels(cursor, draft.name, boundLabel) : noLabels();
  const metric = metricOf(draft, labels, boundLabel !== undefined);
  const text = take(cursor, token);
  peek(cursor);
  const value = parseGoFloat(text) ?? fail(cursor, `expected float as value, got ${quoted(text)}`);
  if (boundLabel === undefined) metric.value = value;
  else if (part === 'count') metric.count = Math.trunc(value);
  else if (part === 'sum') metric.sum = value;
  else if (!Number.isNaN(bound)) {
    metric.points.push({ bound, value: draft.type === 'histogram' ? Math.trunc(value) : value });
  }
  if (peek(cursor) !== '') readTimestamp(cursor, metric);
}

function noLabels() {
  return { labels: new Map<string, string>(), bound: Number.NaN };
}

/** Labels in braces; the one that `boundLabel` names is removed and parsed as a number. */
function readLabels(cursor: Cursor, family: string, boundLabel: string | undefined) {
  const labels = new Map<string, string>();
  let bound = Number.NaN;
  cursor.at += 1;
  for (;;) {
    skipBlanks(cursor);
    if (peek(cursor) === '}') break;
    const label = take(cursor, labelName);
    if (label === '') fail(cursor, `invalid label name for metric ${quoted(family)}`);
    if (label === '__name__') fail(cursor, 'label name "__name__" is reserved');
    skipBlanks(cursor);
    if (peek(cursor) !== '=') fail(cursor, `expected '=' after label name, found ${byteQuoted(cursor)}`);
    if (labels.has(label)) fail(cursor, `duplicate label names for metric ${quoted(family)}`);
    cursor.at += 1;
    skipBlanks(cursor);
    if (peek(cursor) !== '"')
      fail(cursor, `expected '"' at start of label value, found ${byteQuoted(cursor)}`);
    cursor.at += 1;
    const value = takeLabelValue(cursor);
    if (label === boundLabel) {
      const message = `expected float as value for '${label}' label, got ${quoted(value)}`;
      bound = parseGoFloat(value) ?? fail(cursor, message);
    } else labels.set(label, value);
    skipBlanks(cursor);
    const separator = peek(cursor);
    if (separator === '}') break;
    if (separator !== ',') fail(cursor, `unexpected end of label value ${quoted(value)}`);
    cursor.at += 1;
  }
  cursor.at += 1;
  skipBlanks(cursor);
  return { labels, bound };
}

function byteQuoted(cursor: Cursor): string {
  const character = cursor.text.charAt(cursor.at);
  return character === '' ? "'\\n'" : `'${character === "'" ? "\\'" : character}'`;
}

function metricOf(draft: Draft, labels: Map<string, string>, isDistribution: boolean): DraftMetric {
  const signature = isDistribution ? JSON.stringify([...labels].sort()) : '';
  const known = isDistribution ? draft.distributions.get(signature) : undefined;
  if (known !== undefined) return known;
  const metric: DraftMetric = { labels, timestamped: false, value: 0, points: [], sum: 0, count: 0 };
  draft.metrics.push(metric);
  if (isDistribution) draft.distributions.set(signature, metric);
  return metric;
}

function readTimestamp(cursor: Cursor, metric: DraftMetric): void {
  skipBlanks(cursor);
  const text = take(cursor, token);
  peek(cursor);
  if (!/^[+-]?\d+$/.test(text)) fail(cursor, `expected integer as timestamp, got ${quoted(text)}`);
  metric.timestamped = true;
  const rest = take(cursor, anything);
  if (rest !== '') fail(cursor, `spurious string after timestamp: ${quoted(rest)}`);
}

function familyOf({ name, help = '', type = 'untyped', metrics }: Draft): ExposedFamily {
  const isDistribution = type === 'histogram' || type === 'summary';
  const exposed = metrics.map(({ labels, timestamped, value, points, sum, count }): ExposedMetric => {
    const read: MetricValue = isDistribution
      ? { kind: 'distribution', points, sum, count }
      : { kind: 'single', value };
    return { labels, timestamped, value: read };
  });
  return { name, help, type, metrics: exposed };
}
