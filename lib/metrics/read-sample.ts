import { unescapeLabelValue } from './escape.ts';

/** One sample of a text in the Prometheus text format: `name{label="value",…} value`. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/y;

/**
 * The sample of a line; `undefined` for a comment, an empty line, and an invalid sample.
 *
 * This reads what a Pushgateway exposes. Untrusted text is parsed by {@link file://../pushgateway/embedded/text-format/parse.ts}.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readSample(line: string): Sample | undefined {
  const [, name, brace] = /^([a-zA-Z_:][\w:]*)(\{?)/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const labels = new Map<string, string>();
  let at = name.length;
  if (brace === '{') {
    label.lastIndex = at + 1;
    for (let end = label.lastIndex; ; end = label.lastIndex) {
      const [, key = '', value = ''] = label.exec(line) ?? [];
      if (key === '') {
        at = end;
        break;
      }
      labels.set(key, unescapeLabelValue(value));
    }
    if (line[at] !== '}') return undefined;
    at += 1;
  }
  const [number = ''] = line.slice(at).trimStart().split(' ', 1);
  return number === '' ? undefined : { name, labels, value: numberOf(number) };
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
