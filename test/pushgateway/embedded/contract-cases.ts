import { gzipSync } from 'node:zlib';

/** One request to a gateway, and its expected response. */
export interface Step {
  readonly method: 'PUT' | 'POST' | 'DELETE' | 'GET' | 'PATCH';
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The body of the answer, where it is the same for every gateway. */
  readonly answer?: string;
}

/** A sentence that states a gateway's behaviour, and the requests that test it. */
export type Case = readonly [sentence: string, ...steps: readonly Step[]];

const job = '/metrics/job/j';

function push(body: string | Buffer, path = job): Step {
  return { method: 'POST', path, body, status: 200 };
}

function replace(body: string, path = job): Step {
  return { method: 'PUT', path, body, status: 200 };
}

function remove(path = job): Step {
  return { method: 'DELETE', path, status: 202 };
}

/** A push that is refused, with its response. */
function refused(body: string, answer?: string, path = job): Step {
  return { method: 'POST', path, body, status: 400, ...(answer !== undefined && { answer: `${answer}\n` }) };
}

/** A push whose text is invalid, with the reason and the line number. */
function broken(body: string, fact: string, line = 1): Step {
  return refused(body, `text format parsing error in line ${line}: ${fact}`);
}

function inconsistent(body: string, fact: string, path = job): Step {
  return refused(body, `pushed metrics are invalid or inconsistent with existing metrics: ${fact}`, path);
}

function badPath(path: string, fact: string): Step {
  return refused('a 1\n', fact, path);
}

function get(path: string, status: number, answer?: string): Step {
  return { method: 'GET', path, status, ...(answer !== undefined && { answer }) };
}

const histogram = `# HELP h Seconds.
# TYPE h histogram
h_bucket{le="0.5"} 1
h_bucket{le="1"} 2
h_sum 1.25
h_count 3
`;

export const contractCases: readonly Case[] = [
  // Groups
  ['a push creates a group', push('a 1\n')],
  ['an empty push creates a group that only has its push times', push('')],
  ['a POST leaves the other families of the group', push('a 1\nb 1\n'), push('b 2\nc 3\n')],
  ['a PUT deletes the other families of the group', push('a 1\nb 1\n'), replace('b 2\n')],
  ['an empty PUT deletes all families of the group', push('a 1\n'), replace('')],
  [
    'a POST replaces all series of a family that it names',
    push('a{x="1"} 1\na{x="2"} 2\n'),
    push('a{x="3"} 3\n'),
  ],
  ['a push is idempotent', push(histogram), push(histogram)],
  ['a DELETE deletes a group', push('a 1\n'), remove()],
  ['a DELETE deletes one group and no other', push('a 1\n'), push('a 2\n', `${job}/x/1`), remove()],
  ['a DELETE of a missing group is no error', remove('/metrics/job/none')],
  ['a group can be pushed again after a DELETE', push('# TYPE a counter\na 1\n'), remove(), push('a 2\n')],
  ['groups differ by any of their labels', push('a 1\n', `${job}/x/1`), push('a 2\n', `${job}/x/2`)],
  [
    'the order of grouping labels does not matter',
    push('a 1\n', `${job}/x/1/y/2`),
    push('b 2\n', `${job}/y/2/x/1`),
  ],
  ['series are sorted by their label values', push('a 2\n', '/metrics/job/k'), push('a{z="1"} 1\na 1\n')],
  // Grouping keys in the path
  ['grouping labels win over pushed labels', push('a{x="pushed",job="pushed"} 1\n', `${job}/x/1`)],
  ['a pushed instance is kept', push('a{instance="i"} 1\n')],
  ['an instance in the path is kept', push('a 1\n', `${job}/instance/i`)],
  ['a value in the path is percent-decoded', push('a 1\n', `${job}/x/a%20b%25c%C3%A9`)],
  ['an escaped slash separates like a slash', push('a 1\n', `${job}/x/1%2Fy/2`)],
  ['a plus sign in the path is a plus sign', push('a 1\n', `${job}/x/a+b`)],
  ['base64 carries a slash', push('a 1\n', `${job}/x@base64/YS9i`)],
  ['base64 with padding is the same', push('a 1\n', `${job}/x@base64/YQ==`)],
  ['base64 without padding is the same', push('a 1\n', `${job}/x@base64/YQ`)],
  ['base64 is base64url', push('a 1\n', `${job}/x@base64/Lz8-`)],
  ['base64 carries the empty value', push('a 1\n', `${job}/x@base64/=`)],
  ['base64 carries dots', push('a 1\n', `${job}/x@base64/Lg/y@base64/Li4`)],
  ['base64 carries UTF-8', push('a 1\n', `${job}/x@base64/w6k`)],
  ['base64 carries a job', push('a 1\n', '/metrics/job@base64/YS9i/x/1')],
  [
    'a group can be deleted by another spelling of its key',
    push('a 1\n', `${job}/x/a`),
    remove(`${job}/x@base64/YQ`),
  ],
  ['a slash after the job is no label', push('a 1\n', `${job}/`)],
  [
    'an odd number of components is refused',
    badPath(`${job}/x`, 'odd number of components in label string "/x"'),
  ],
  ['a label name with a dash is refused', badPath(`${job}/x-y/1`, 'improper label name "x-y"')],
  [
    'a label name that is reserved for internal use is refused',
    badPath(`${job}/__x/1`, 'improper label name "__x"'),
  ],
  ['a label name that starts with a digit is refused', badPath(`${job}/1x/1`, 'improper label name "1x"')],
  [
    'a label value that is not base64 is refused',
    badPath(
      `${job}/x@base64/a!b`,
      'invalid base64 encoding for label x="a!b": illegal base64 data at input byte 1',
    ),
  ],
  ['a job that is not base64 is refused', refused('a 1\n', undefined, '/metrics/job@base64/a!b')],
  ['a job that is empty in base64 is refused', badPath('/metrics/job@base64/=', 'job name is required')],
  [
    'a DELETE has the same rules for the path',
    { ...badPath(`${job}/x`, 'odd number of components in label string "/x"'), method: 'DELETE' },
  ],
  // The text format
  ['a family without a TYPE is untyped', push('a 1\n')],
  ['a counter with HELP', push('# HELP a One.\n# TYPE a counter\na{x="1"} 1\n')],
  ['a gauge', push('# TYPE a gauge\na -1.5\n')],
  ['a histogram gets its last bucket from its count', push(histogram)],
  ['a histogram keeps its last bucket', push(histogram.replace('h_sum', 'h_bucket{le="+Inf"} 3\nh_sum'))],
  [
    'a histogram with labels',
    push(
      '# TYPE h histogram\nh_bucket{x="1",le="1"} 1\nh_sum{x="1"} 1\nh_count{x="1"} 1\nh_count{x="2"} 0\n',
    ),
  ],
  [
    'a summary',
    push('# TYPE s summary\ns{quantile="0.5"} 2.5\ns{quantile="0.99"} NaN\ns_sum 5\ns_count 2\n'),
  ],
  ['a type in capitals', push('# TYPE a GAUGE\na 1\n')],
  ['infinities and no number', push('a{x="1"} +Inf\na{x="2"} -Inf\na{x="3"} NaN\na{x="4"} inf\n')],
  [
    'large, small and negative numbers',
    push(
      'a{x="1"} 1763632802\na{x="2"} 123456\na{x="3"} 1234567\na{x="4"} 0.0001\na{x="5"} 0.00001\na{x="6"} -0\na{x="7"} 1e300\na{x="8"} .5\na{x="9"} 5.\n',
    ),
  ],
  [
    'escapes in label values and HELP',
    push('# HELP a b\\\\c\\nd "e"\n# TYPE a gauge\na{x="b\\\\c\\nd \\"e\\""} 1\n'),
  ],
  ['UTF-8 in label values', push('a{x="é日本"} 1\n')],
  ['an empty label value', push('a{x=""} 1\n')],
  ['optional blanks', push('  a { x = "1" , y="2", }   1\n\t# a comment\n\n#TYPE b gauge\n# TYPE c\nb 1\n')],
  ['comments are ignored', push('# any\n#\n# EOF\na 1\n')],
  ['a TYPE without a sample is no family', push('# TYPE a gauge\n')],
  ['HELP after the samples', push('a 1\n# HELP a Late.\n')],
  ['the last line needs a line break', broken('a 1', 'unexpected end of input stream')],
  ['a name that starts with a digit', broken('1a 1\n', 'invalid metric name')],
  ['a name in a comment that starts with a digit', broken('# HELP 1a x\n', 'invalid metric name in comment')],
  ['a value that is no number', broken('a b\n', 'expected float as value, got "b"')],
  ['no value', broken('\na\n', 'expected float as value, got ""', 2)],
  ['a hexadecimal value', broken('a 0x1p4\n', 'expected float as value, got "0x1p4"')],
  ['a value with an underscore', broken('a 1_000\n', 'expected float as value, got "1_000"')],
  ['a value out of range', broken('a 1e999\n', 'expected float as value, got "1e999"')],
  ['an invalid label name', broken('a{1="x"} 1\n', 'invalid label name for metric "a"')],
  ['a reserved label name', broken('a{__name__="x"} 1\n', 'label name "__name__" is reserved')],
  ['a label without a value', broken('a{x} 1\n', "expected '=' after label name, found '}'")],
  ['a label value without quotes', broken('a{x=1} 1\n', "expected '\"' at start of label value, found '1'")],
  ['two labels without a comma', broken('a{x="1" y="2"} 1\n', 'unexpected end of label value "1"')],
  ['a duplicate label', broken('a{x="1",x="2"} 1\n', 'duplicate label names for metric "a"')],
  ['a line end in a label value', broken('a{x="1\n"} 1\n', 'label value "1" contains unescaped new-line')],
  ['an unknown escape in a label value', broken('a{x="\\t"} 1\n', "invalid escape sequence '\\t'")],
  ['an unknown escape in HELP', broken('# HELP a \\t\n', "invalid escape sequence '\\t'")],
  [
    'a second TYPE',
    broken(
      '# TYPE a gauge\n# TYPE a gauge\n',
      'second TYPE line for metric name "a", or TYPE reported after samples',
      2,
    ),
  ],
  [
    'a TYPE after the samples',
    broken(
      'a 1\n# TYPE a gauge\n',
      'second TYPE line for metric name "a", or TYPE reported after samples',
      2,
    ),
  ],
  ['a second HELP', broken('# HELP a x\n# HELP a y\n', 'second HELP line for metric name "a"', 2)],
  ['an unknown TYPE', broken('# TYPE a speed\n', 'unknown metric type "speed"')],
  [
    'a bucket that is no number',
    broken(
      '# TYPE h histogram\nh_bucket{le="x"} 1\n',
      'expected float as value for \'le\' label, got "x"',
      2,
    ),
  ],
  ['a timestamp that is no number', broken('a 1 x\n', 'expected integer as timestamp, got "x"')],
  ['a blank after the value', broken('a 1 \n', 'expected integer as timestamp, got ""')],
  ['text after the timestamp', broken('a 1 2 3\n', 'spurious string after timestamp: " 3"')],
  [
    'an invalid text leaves the group unchanged',
    push('a 1\n'),
    broken('a 2\nb\n', 'expected float as value, got ""', 2),
  ],
  // Consistency
  [
    'a timestamp is refused, and recorded in the group as a failed push',
    inconsistent('a 1 123\n', 'pushed metrics must not have timestamps'),
  ],
  [
    'a refused push leaves the group unchanged',
    push('a 1\n'),
    inconsistent('a 2 123\n', 'pushed metrics must not have timestamps'),
  ],
  [
    'a push after a refused one succeeds, and the failed push stays recorded',
    refused('a 1 1\n'),
    push('a 1\n'),
  ],
  ['a duplicate series is refused', refused('a 1\na 2\n')],
  ['a series of another group is refused', push('a{x="1"} 1\n'), refused('a 2\n', undefined, `${job}/x/1`)],
  [
    'a type that another group contradicts is refused',
    push('a 1\n'),
    refused('# TYPE a counter\na 1\n', undefined, '/metrics/job/k'),
  ],
  ['a type can change when its only group does', push('a 1\n'), push('# TYPE a counter\na 1\n')],
  [
    'a name that a histogram already uses is refused',
    push(histogram),
    refused('h_count 1\n', undefined, '/metrics/job/k'),
  ],
  [
    'a histogram with a part whose name is already used is refused',
    push('h_bucket 1\n'),
    refused(histogram, undefined, '/metrics/job/k'),
  ],
  [
    'different HELP texts are no error',
    push('# HELP a One.\na 1\n'),
    push('# HELP a Two.\na 1\n', '/metrics/job/k'),
  ],
  // Encodings, other paths, other methods
  ['a body in gzip', { ...push(gzipSync('a 1\n')), headers: { 'content-encoding': 'gzip' } }],
  [
    'a body that is not gzip',
    {
      ...refused('not gzip at all'),
      headers: { 'content-encoding': 'gzip' },
      answer: 'gzip: invalid header\n',
    },
  ],
  [
    'a body too short for gzip',
    { ...refused('a 1\n'), headers: { 'content-encoding': 'gzip' }, answer: 'unexpected EOF\n' },
  ],
  ['any content type is read as text', { ...push('a 1\n'), headers: { 'content-type': 'application/json' } }],
  ['it is healthy', get('/-/healthy', 200, 'OK')],
  ['it is ready', get('/-/ready', 200, 'OK')],
  ['the query of a URL is ignored', get('/-/ready?x=1', 200, 'OK')],
  ['an unknown path', get('/nothing', 404, '404 page not found\n')],
  ['a group cannot be read by itself', get(job, 405, 'Method Not Allowed\n')],
  ['a group cannot be patched', { method: 'PATCH', path: job, status: 405, answer: 'Method Not Allowed\n' }],
  [
    'the admin API to wipe all groups is not enabled',
    { method: 'PUT', path: '/api/v1/admin/wipe', status: 404, answer: '404 page not found\n' },
  ],
  [
    'a push without a job',
    { method: 'POST', path: '/metrics/job', body: 'a 1\n', status: 404, answer: '404 page not found\n' },
  ],
];
