import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podRecords } from '../../lib/files/pod-records.ts';

function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name, uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98' },
  };
}

function event(type: string, data: unknown): object {
  return { specversion: '1.0', id: '1', source: '/s', type, data };
}

/** Each record as its path and the Pod's name, `other`, or the message. */
function read(value: unknown): readonly (readonly [path: string, content: string])[] {
  return [...podRecords(value)].map((record) => {
    if (record.kind === 'pod') return [record.path, record.pod.name];
    return [record.path, record.kind === 'other' ? 'other' : record.failure.message];
  });
}

test('a Pod is a record', () => {
  assert.deepEqual(read(pod('a')), [['', 'a']]);
});

test('the items of a Pod list inherit its kind', () => {
  const { apiVersion, kind, ...bare } = { ...pod('a'), apiVersion: 'v1', kind: 'Pod' };
  assert.deepEqual(read({ apiVersion, kind: `${kind}List`, items: [bare, pod('b')] }), [
    ['items[0]', 'a'],
    ['items[1]', 'b'],
  ]);
});

test('a list of mixed kinds gives its Pods, and the others as other objects', () => {
  const items = [{ apiVersion: 'v1', kind: 'Service' }, pod('a'), { metadata: {} }];
  assert.deepEqual(read({ apiVersion: 'v1', kind: 'List', items }), [
    ['items[0]', 'other'],
    ['items[1]', 'a'],
    [
      'items[2]',
      'reading the object: it is not a Kubernetes object: it has no kind; send the whole Pod as the Kubernetes API server writes it',
    ],
  ]);
});

test('a list of another kind holds no Pods', () => {
  const list = { apiVersion: 'v1', kind: 'ServiceList', items: [{ metadata: {} }] };
  assert.deepEqual(read(list), [['items[0]', 'other']]);
});

test('watch lines give their object; a bookmark and an error have none', () => {
  assert.deepEqual(read({ type: 'MODIFIED', object: pod('a') }), [['object', 'a']]);
  assert.deepEqual(read({ type: 'BOOKMARK', object: { kind: 'Pod', apiVersion: 'v1' } }), [['', 'other']]);
  assert.deepEqual(read({ type: 'ERROR', object: { kind: 'Status', apiVersion: 'v1', code: 410 } }), [
    ['object', 'other'],
  ]);
});

test('CloudEvents of the API server source give their Pod, others nothing', () => {
  assert.deepEqual(
    read([
      event('dev.knative.apiserver.resource.add', pod('a')),
      event('dev.knative.apiserver.resource.update', pod('b')),
      event('dev.knative.apiserver.resource.delete', pod('c')),
      event('dev.knative.apiserver.ref.update', { kind: 'Pod', name: 'd' }),
      event('com.example.other', pod('e')),
    ]),
    [
      ['[0].data', 'a'],
      ['[1].data', 'b'],
      ['[2].data', 'c'],
      ['[3]', 'other'],
      ['[4]', 'other'],
    ],
  );
});

function audit(fields: object): object {
  return { kind: 'Event', apiVersion: 'audit.k8s.io/v1', responseStatus: { code: 200 }, ...fields };
}

/** The object of a request: its name, or `other` where the event does not contain it. */
const audited: readonly (readonly [what: string, event: object, records: unknown])[] = [
  ['the answer', audit({ responseObject: pod('a') }), [['object', 'a']]],
  [
    'the response rather than the request',
    audit({ responseObject: pod('a'), requestObject: pod('b') }),
    [['object', 'a']],
  ],
  ['the request where the response is not logged', audit({ requestObject: pod('a') }), [['object', 'a']]],
  [
    'the items of a list',
    audit({ responseObject: { kind: 'PodList', apiVersion: 'v1', items: [pod('a')] } }),
    [['object.items[0]', 'a']],
  ],
  ['nothing of a patch', audit({ requestObject: { status: {} } }), [['', 'other']]],
  [
    'nothing for a patch with a kind',
    audit({ requestObject: { ...pod('a'), metadata: {} } }),
    [['', 'other']],
  ],
  [
    'nothing of a request that failed',
    audit({ requestObject: pod('a'), responseStatus: { code: 409 } }),
    [['', 'other']],
  ],
  ['nothing where only metadata is logged', audit({}), [['', 'other']]],
  [
    'nothing of another kind',
    audit({ responseObject: { kind: 'Status', apiVersion: 'v1' } }),
    [['object', 'other']],
  ],
];

for (const [what, event, records] of audited) {
  test(`an audit event gives ${what}`, () => {
    assert.deepEqual(read(event), records);
  });
}

test('an EventList of audit.k8s.io holds audit events', () => {
  const { kind, apiVersion, ...bare } = { kind: '', apiVersion: '', ...audit({ responseObject: pod('a') }) };
  assert.deepEqual(read({ kind: 'EventList', apiVersion, items: [bare] }), [['items[0].object', 'a']]);
});

test('a Kubernetes Event is not an audit event', () => {
  assert.deepEqual(read({ kind: 'Event', apiVersion: 'v1', responseObject: pod('a') }), [['', 'other']]);
});

test('a malformed event is refused, and the others are still read', () => {
  const broken = { ...event('dev.knative.apiserver.resource.add', pod('a')), id: '' };
  assert.deepEqual(read([broken, pod('b')]), [
    [
      '[0]',
      'reading the CloudEvent\'s id: "" is not text that is not empty; send an event that conforms to CloudEvents 1.0',
    ],
    ['[1]', 'b'],
  ]);
});

test('a value that is not an object is refused', () => {
  const message =
    'reading the object: it is not a Kubernetes object: it has no kind; send the whole Pod as the Kubernetes API server writes it';
  for (const value of [null, 7, 'text', true]) assert.deepEqual(read(value), [['', message]]);
});

test('an object nested too deeply in lists and events is refused, without exhausting the stack', () => {
  const wraps = [(value: unknown) => [value], (value: unknown) => ({ type: 'ADDED', object: value })];
  for (const wrap of wraps) {
    let value: unknown = pod('a');
    for (let depth = 0; depth < 20_000; depth += 1) value = wrap(value);
    const records = read([value, pod('b')]);
    assert.match(records[0]?.[1] ?? '', /it is inside of more than 16 lists and events/);
    assert.deepEqual(records.slice(1), [['[1]', 'b']]);
  }
});
