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
 * Times of pushes read as `TIME`. What the real one leaves to chance is left out: which of two metrics that contradict
 * each other is named in a message, and in which form; which of several HELP texts stands in `/metrics`, where it only
 * matters that it is one of them.
 */
export async function observe(gatewayUrl: string, [, ...steps]: Case): Promise<Observation> {
  const answers: Answer[] = [];
  for (const step of steps) answers.push(await take(gatewayUrl, step));
  const text = await (await fetch(`${gatewayUrl}/metrics`)).text();
  const json: unknown = await (await fetch(`${gatewayUrl}/api/v1/metrics`)).json();
  return { answers, text: withAnyHelp(pushedLines(text), json), groups: withoutTimes(json) };
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

/** Where groups have pushed several HELP texts of a family, the line that shows one of them reads as all of them. */
function withAnyHelp(lines: readonly string[], json: unknown): readonly string[] {
  const pushed = new Map<string, Set<string>>();
  for (const group of isAnswer(json) && Array.isArray(json.data) ? json.data : []) {
    for (const [name, family] of Object.entries<unknown>(Object(group))) {
      const { help } = isFamily(family) ? family : {};
      if (help !== undefined) pushed.set(name, (pushed.get(name) ?? new Set()).add(help));
    }
  }
  return lines.map((line) => {
    const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
    const helps = pushed.get(name) ?? new Set();
    return helps.size > 1 && helps.has(help) ? `# HELP ${name} ${[...helps].sort().join(' or ')}` : line;
  });
}

function isFamily(value: unknown): value is { readonly help?: string } {
  return typeof value === 'object' && value !== null && 'type' in value;
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
