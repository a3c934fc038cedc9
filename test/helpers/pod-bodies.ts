import fc from 'fast-check';
import { containerStatus, podObject, termination } from '../fixtures/pods.ts';
import { unusualJson } from './json-text.ts';

/** A body and where it is split into chunks. */
export interface SplitBody {
  readonly bytes: Buffer;
  /** From 0 to the length, in any order. */
  readonly splits: readonly number[];
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    'terminated',
    'minated',
    '\\u0074erminated',
    '\\',
    '"',
    '}',
    '{',
    'Pod',
    '\ud800',
    'é',
    '😀',
  ),
);

const terminated = fc.record({ reason: text, message: text }).map(termination);
const state = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ running: { startedAt: '2025-11-20T10:00:12Z' } }) },
  { weight: 2, arbitrary: fc.record({ terminated }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(null, {}, { waiting: { reason: 'CrashLoopBackOff' } }, { terminated: null }),
  },
  { weight: 1, arbitrary: fc.record({ 'terminated ': terminated }) },
);
const status = fc
  .record({
    name: fc.constantFrom('checkout', 'cart', 'sidecar', 'init', 'log', 'Not a name'),
    restartCount: fc.constantFrom(0, 0, 1, 5),
    image: text,
    state,
    lastState: state,
  })
  .map(containerStatus);
const statuses = fc.array(status, { maxLength: 2 });
const pod = fc
  .record({
    annotations: fc.dictionary(text, text, { maxKeys: 2 }),
    containerStatuses: statuses,
    initContainerStatuses: statuses,
    change: fc.constantFrom({}, {}, {}, {}, { kind: 'PodList' }, { kind: null }, { apiVersion: 'v2' }),
  })
  .map(({ annotations, containerStatuses, initContainerStatuses, change }) => ({
    ...podObject({ metadata: { annotations }, status: { containerStatuses, initContainerStatuses } }),
    ...change,
  }));
/** Half of the texts as a serializer writes them, so that many are not parsed. */
const podText = fc.oneof(
  pod.map((object) => JSON.stringify(object)),
  fc.tuple(pod, choices()).map(([object, how]) => unusualJson(object, how)),
);

function choices(): fc.Arbitrary<readonly number[]> {
  return fc
    .array(fc.nat(60), { minLength: 20, maxLength: 40 })
    .map((many) => many.map((one) => Math.min(one, 5)));
}

const inserted = fc.constantFrom(
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0x00],
  [0x5c],
  [0x22],
  [0x7d],
  [0x0b],
  [0x20],
);
const place = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

/** Damages bytes in one of the ways in which a sender can; most bodies are left whole. */
const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  { weight: 6, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  {
    weight: 1,
    arbitrary: place.map((at) => (bytes: Buffer) => bytes.subarray(0, Math.round(at * bytes.length))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, inserted).map(([at, extra]) => (bytes: Buffer) => {
      const index = Math.round(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, index), Buffer.from(extra), bytes.subarray(index)]);
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('utf16le' as const, 'latin1' as const)
      .map((encoding) => (bytes: Buffer) => Buffer.from(bytes.toString(), encoding)),
  },
);

/** Bodies of Pods with and without terminations, in any spelling of JSON, whole and damaged, in one chunk or several. */
export const anyPodBody: fc.Arbitrary<SplitBody> = fc
  .record({ podText, damage, splits: fc.array(place, { maxLength: 3 }) })
  .map(({ podText: json, damage: damaged, splits }) => {
    const bytes = damaged(Buffer.from(json));
    return { bytes, splits: splits.map((at) => Math.round(at * bytes.length)) };
  });
