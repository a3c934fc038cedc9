import { isBearerToken } from '../bearer-token.ts';
import { parseDuration } from '../duration.ts';
import { type GroupingKey, takenLabels } from '../metrics/grouping-key.ts';

/** The text itself, unless it is empty. */
export function text(value: string): string | undefined {
  return value === '' ? undefined : value;
}

/** A bearer token. */
export function token(value: string): string | undefined {
  return isBearerToken(value) ? value : undefined;
}

/** A whole number within bounds, in decimal digits. */
export function wholeNumber(least: number, most: number): (value: string) => number | undefined {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

/** A time in milliseconds, above 0 and at most 10 minutes. */
export function timeLimit(value: string): number | undefined {
  const limit = parseDuration(value);
  return limit !== undefined && limit > 0 && limit <= 600_000 ? limit : undefined;
}

/** A length of time in milliseconds, or 0 for none. */
export function span(value: string): number | undefined {
  return value === '0' ? 0 : parseDuration(value);
}

/** `shop,billing`: names of namespaces, each once. */
export function namespaceList(value: string): readonly string[] | undefined {
  const names = [...new Set(value.split(',').map((name) => name.trim()))];
  return names.every((name) => /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) ? names : undefined;
}

/** Subjects of tokens, each once; a `*` at the end of one stands for any further characters. */
export function subjectList(value: string): readonly string[] | undefined {
  const subjects = [...new Set(value.split(',').map((subject) => subject.trim()))];
  return subjects.every((subject) => /^(?:[\x21-\x29\x2b-\x7e]+\*?|\*)$/.test(subject))
    ? subjects
    : undefined;
}

/**
 * The attributes in Knative's `{"extensions": {…}}`; a value that is a number or a truth value becomes text.
 * Source: https://knative.dev/docs/eventing/custom-event-source/sinkbinding/reference/#cloudevent-overrides
 */
export function eventExtensions(value: string): Readonly<Record<string, string>> | undefined {
  let overrides: unknown;
  try {
    overrides = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (typeof overrides !== 'object' || overrides === null) return undefined;
  const extensions: unknown = 'extensions' in overrides ? (overrides.extensions ?? {}) : {};
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const entries = Object.entries(extensions);
  const usable = entries.every(
    ([name, given]) => /^[a-z0-9]+$/.test(name) && given !== null && typeof given !== 'object',
  );
  return usable ? Object.fromEntries(entries.map(([name, given]) => [name, String(given)])) : undefined;
}

/** A URL of HTTP, with a query where it has one. */
export function anyHttpUrl(value: string): URL | undefined {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return isDecodable(url.username) && isDecodable(url.password) ? url : undefined;
}

/** A base URL of HTTP, without query and fragment. */
export function httpUrl(value: string): URL | undefined {
  const url = anyHttpUrl(value);
  return url !== undefined && url.search === '' && url.hash === '' ? url : undefined;
}

/** `http://host:port` for a host and port without a scheme; `undefined` for anything else, which may contain a secret. */
export function withScheme(value: string): string | undefined {
  return /^[\w.-]+:\d{1,5}(?:\/[\w./-]*)?$/.test(value) ? `http://${value}` : undefined;
}

function isDecodable(value: string): boolean {
  try {
    decodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}

/** A host and a port, as `127.0.0.1:9091` or `[::1]:9091`. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export function address(value: string): Address | undefined {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(value);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port <= 65_535 ? { host, port } : undefined;
}

/** `cluster=eu-1,env=prod`; each name once, and none that the series of a restart already have. */
export function labels(value: string): GroupingKey | undefined {
  const pairs = value === '' ? [] : value.split(',').map(labelPair);
  const names = pairs.map((pair) => pair?.[0] ?? '');
  const usable = names.every(
    (name) => /^[A-Za-z_]\w*$/.test(name) && !name.startsWith('__') && !takenLabels.has(name),
  );
  if (!usable || new Set(names).size < names.length) return undefined;
  return pairs.filter((pair) => pair !== undefined);
}

function labelPair(pair: string): readonly [label: string, value: string] | undefined {
  const equals = pair.indexOf('=');
  return equals < 0 ? undefined : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}

/** One of the words given. */
export function oneOf<const Word extends string>(
  ...words: readonly Word[]
): (value: string) => Word | undefined {
  return (value) => words.find((word) => word === value);
}
