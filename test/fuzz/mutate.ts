import fc from 'fast-check';

/** One change of an input: what is done, where, and with what; each number is taken modulo the choices. */
type Mutation = readonly [kind: number, at: number, what: number];

const number = fc.nat({ max: 0x3fffffff });

export interface Plan {
  /** Which element of the corpus. */
  readonly seed: number;
  readonly mutations: readonly Mutation[];
  /** For what the input does not decide itself. */
  readonly choices: readonly number[];
}

/** A quarter of the inputs are of the corpus, unchanged but in `choices`. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  seed: number,
  mutations: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 4 }) },
  ),
  choices: fc.tuple(number, number, number),
});

/** What parsers treat in a special way. */
const tokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\\u0000',
    '\\ud800',
    'null',
    'true',
    '-1',
    '1e999',
    '{}',
    '[]',
  ],
  ...[
    '__proto__',
    'constructor',
    'terminated',
    'kind',
    'items',
    'lastState',
    'restartCount',
    'uid',
    '"a":1,',
  ],
  ...[
    '\0',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '---\n',
    '- ',
    '&a ',
    '*a',
    '!!js/function ',
    '#',
    '# TYPE ',
    '# HELP ',
    '+Inf',
    'NaN',
  ],
  ...[
    '%',
    '%00',
    '%2F',
    '../',
    '@base64',
    '=',
    ';',
    '\u2028',
    '\u202e',
    '\ufeff',
    '😀',
    '9'.repeat(40),
    '['.repeat(200),
  ],
].map((token) => Buffer.from(token));
tokens.push(
  Buffer.from([0xff]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0x1f, 0x8b]),
);

/** Values of JSON where a Pod or an event has others. */
const values: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e300,
    '',
    'x',
    'x'.repeat(300),
    '-1',
    '\0',
    '../..',
  ],
  ...[
    '9999-12-31T23:59:59Z',
    '2025-11-20T10:00:02Z',
    '0001-01-01T00:00:00Z',
    '{}',
    '\ud800',
    'Pod',
    'terminated',
  ],
  ...[[], {}, [[]], [null], [{}], { terminated: {} }, { terminated: { exitCode: 1 } }, { running: null }],
];

/** The input that a plan makes of a corpus: by bytes, or, where it is JSON, by its values too. */
export function mutated(corpus: readonly Buffer[], { seed, mutations }: Plan): Buffer {
  let bytes = corpus[seed % corpus.length] ?? Buffer.alloc(0);
  for (const mutation of mutations) bytes = mutatedOnce(bytes, corpus, mutation);
  return bytes;
}

function mutatedOnce(bytes: Buffer, corpus: readonly Buffer[], [kind, at, what]: Mutation): Buffer {
  const start = at % (bytes.length + 1);
  const length = 1 + (what % 24);
  switch (kind % 9) {
    case 0:
      return spliced(bytes, start, 1, Buffer.from([what & 0xff]));
    case 1:
      return spliced(bytes, start, 0, tokens[what % tokens.length]);
    case 2:
      return spliced(bytes, start, length, tokens[what % tokens.length]);
    case 3:
      return spliced(bytes, start, length);
    case 4:
      return bytes.subarray(0, start);
    case 5:
      return spliced(bytes, start, 0, bytes.subarray(start, start + length));
    case 6: {
      const other = corpus[what % corpus.length] ?? bytes;
      return Buffer.concat([bytes.subarray(0, start), other.subarray(Math.min(start, other.length))]);
    }
    default:
      return withOtherValue(bytes, at, what) ?? spliced(bytes, start, 1);
  }
}

function spliced(bytes: Buffer, start: number, removed: number, added: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)]);
}

/** A JSON value of the input, whole or one of its lines, with another value or without one somewhere. */
function withOtherValue(bytes: Buffer, at: number, what: number): Buffer | undefined {
  const text = bytes.toString('latin1');
  const start = Math.max(text.indexOf('\n\n') + 2, 0);
  const whole = text.startsWith('{') || text.startsWith('[') ? text : text.slice(start);
  const lines = whole.split('\n');
  for (const piece of [whole, lines[at % lines.length] ?? '']) {
    const changed = changedValue(piece, at, what);
    if (changed !== undefined)
      return Buffer.from(
        text.replace(piece, () => changed),
        'latin1',
      );
  }
  return undefined;
}

/** `undefined` for what is not JSON, or has no place for another value. */
function changedValue(json: string, at: number, what: number): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    return undefined;
  }
  const places: [holder: object, key: string][] = [];
  collectPlaces(root, places);
  const [holder, key] = places[at % places.length] ?? [];
  if (holder === undefined || key === undefined) return undefined;
  const choice = what % (values.length + 3);
  if (choice === values.length) Reflect.deleteProperty(holder, key);
  else if (choice === values.length + 1) Reflect.set(holder, `${key}x`, Reflect.get(holder, key));
  else if (choice === values.length + 2) Reflect.set(holder, key, [Reflect.get(holder, key)]);
  else Reflect.set(holder, key, structuredClone(values[choice]));
  return JSON.stringify(root);
}

function collectPlaces(value: unknown, places: [object, string][]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    collectPlaces(Reflect.get(value, key), places);
  }
}
