import type { Case, Step } from '../pushgateway/embedded/contract-cases.ts';

/** What a client sees of a gateway while it goes through the steps of a case, and of what is stored then. */
export interface Observation {
  readonly answers: readonly Answer[];
  /** Lines of `/metrics` without the gateway's own families. */
  readonly text: readonly string[];
  /** The groups of `/api/v1/metrics`. */
  readonly groups: unknown;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

/**
 * Times of pushes read as `TIME`. Which of two metrics that contradict each other is named in a message, and in
 * which form, is left to chance by the real one, and left out here.
 */
export async function observe(gatewayUrl: string, [, ...steps]: Case): Promise<Observation> {
  const answers: Answer[] = [];
  for (const step of steps) answers.push(await take(gatewayUrl, step));
  const text = await (await fetch(`${gatewayUrl}/metrics`)).text();
  const json: unknown = await (await fetch(`${gatewayUrl}/api/v1/metrics`)).json();
  return { answers, text: pushedLines(text), groups: withoutTimes(json) };
}

async function take(gatewayUrl: string, { method, path, body, headers = {} }: Step): Promise<Answer> {
  const answer = await fetch(`${gatewayUrl}${path}`, {
    method,
    headers: { 'content-type': 'text/plain', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  const answered = (await answer.text()).replace(/(existing metrics: collected ).*/, '$1…');
  return {
    status: answer.status,
    contentType: answered === '' ? null : answer.headers.get('content-type'),
    body: answered,
  };
}

const own = /^(?:# (?:HELP|TYPE) )?(?:go|process|pushgateway|promhttp)_/;

function pushedLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !own.test(line))
    .map((line) => line.replace(/^(push_(?:failure_)?time_seconds\{.*\}) [1-9].*$/, '$1 TIME'));
}

function withoutTimes(json: unknown): unknown {
  const text = JSON.stringify(json, sortedKeys)
    .replaceAll(/"time_stamp":"[^"]*"/g, '"time_stamp":"TIME"')
    .replaceAll(/"value":"1\.[0-9]+e\+09"(?=\}\],"time_stamp":"TIME","type":"GAUGE")/g, '"value":"TIME"');
  const parsed: unknown = JSON.parse(text);
  const groups: unknown = isAnswer(parsed) ? parsed.data : undefined;
  return Array.isArray(groups) ? groups.map((group: unknown) => JSON.stringify(group)).sort() : parsed;
}

function isAnswer(value: unknown): value is { readonly data: unknown } {
  return typeof value === 'object' && value !== null && 'data' in value;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
