import type { Restart } from '../restarts/restart.ts';

/**
 * Restarts in the compact form that the page embeds and its server sends: a thousand of them in some 50 kB. Every text
 * is written once, everything else refers to it by its position.
 */
export interface TimelineData {
  readonly texts: readonly string[];
  /** For each container: the positions of the texts of `laneFields`, then of the node and the image of its first restart. */
  readonly lanes: readonly (readonly number[])[];
  /** Unix seconds that all times below count from. */
  readonly base: number;
  /** In the order of {@link encodeRestarts}. */
  readonly restarts: readonly EncodedRestart[];
}

type Time = number | null;

/**
 * `started` and `restarted` are seconds before and after `finished` where that is known, else count from the base. What a
 * container's restarts have in common is left out: `node` and `image` where they are those of its first restart.
 */
type EncodedRestart = readonly [
  lane: number,
  ordinal: number,
  reason: number,
  exitCode: number,
  finished: Time,
  started: Time,
  restarted: Time,
  node?: number,
  image?: number,
];

/** What all restarts of one container have in common. */
const laneFields = [
  'namespace',
  'workloadType',
  'workload',
  'pod',
  'uid',
  'container',
  'containerKind',
] as const;

/** A container of a Pod: a lane of the timeline. */
export type Lane = Readonly<Record<(typeof laneFields)[number], string>>;

/** A restart as the page shows it. */
export interface ShownRestart
  extends Pick<
    Restart,
    'ordinal' | 'reason' | 'exitCode' | 'startedAt' | 'finishedAt' | 'restartedAt' | 'node' | 'image'
  > {
  readonly lane: Lane;
}

/** Keeps the order of the restarts. */
export function encodeRestarts(restarts: readonly Restart[]): TimelineData {
  const texts = new Map<string, number>();
  const lanes = new Map<string, { readonly position: number; readonly texts: readonly number[] }>();
  const times = restarts.flatMap(
    ({ finishedAt, startedAt, restartedAt }) => finishedAt ?? startedAt ?? restartedAt ?? [],
  );
  const base = times.reduce((least, time) => Math.min(least, time), times[0] ?? 0);
  const encoded = restarts.map((restart): EncodedRestart => {
    const { ordinal, exitCode, startedAt, finishedAt, restartedAt } = restart;
    const shared = laneFields.map((field) => positionOf(restart[field], texts));
    const node = positionOf(restart.node, texts);
    const image = positionOf(restart.image, texts);
    const key = shared.join();
    const lane = lanes.get(key) ?? { position: lanes.size, texts: [...shared, node, image] };
    lanes.set(key, lane);
    const origin = finishedAt ?? base;
    const [laneNode, laneImage] = lane.texts.slice(-2);
    return [
      lane.position,
      ordinal,
      positionOf(restart.reason, texts),
      exitCode,
      finishedAt === undefined ? null : finishedAt - base,
      startedAt === undefined ? null : origin - startedAt,
      restartedAt === undefined ? null : restartedAt - origin,
      ...(node === laneNode && image === laneImage ? ([] as const) : ([node, image] as const)),
    ];
  });
  return {
    texts: [...texts.keys()],
    lanes: [...lanes.values()].map((lane) => lane.texts),
    base,
    restarts: encoded,
  };
}

function positionOf(text: string, positions: Map<string, number>): number {
  const known = positions.get(text);
  if (known !== undefined) return known;
  positions.set(text, positions.size);
  return positions.size - 1;
}

/** The restarts that {@link encodeRestarts} was given. Those of one container have the same lane object. */
export function decodeRestarts({ texts, lanes, base, restarts }: TimelineData): readonly ShownRestart[] {
  const text = (position = -1) => texts[position] ?? '';
  const decoded = lanes.map(([namespace, type, workload, pod, uid, container, kind, node, image]) => {
    const lane: Lane = {
      namespace: text(namespace),
      workloadType: text(type),
      workload: text(workload),
      pod: text(pod),
      uid: text(uid),
      container: text(container),
      containerKind: text(kind),
    };
    return { lane, node, image };
  });
  return restarts.flatMap((encoded) => {
    const [position, ordinal, reason, exitCode, finished, started, restarted, node, image] = encoded;
    const common = decoded[position];
    if (common === undefined) return [];
    const finishedAt = finished === null ? undefined : base + finished;
    const origin = finishedAt ?? base;
    return {
      lane: common.lane,
      ordinal,
      reason: text(reason),
      exitCode,
      startedAt: started === null ? undefined : origin - started,
      finishedAt,
      restartedAt: restarted === null ? undefined : origin + restarted,
      node: text(node ?? common.node),
      image: text(image ?? common.image),
    };
  });
}

/** What a lane is grouped under: the workload, or the Pod that has none, as `namespace/name`. */
export function groupName({ namespace, workload, pod }: Lane): string {
  return `${namespace}/${workload === '' ? pod : workload}`;
}
