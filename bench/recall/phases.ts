import {
  apiServerCrash,
  apiServerCrashes,
  containerKill,
  type Disruption,
  debugging,
  deletions,
  functionCrash,
  gatewayCrashes,
  kubeletCrash,
  watchCrashes,
} from './disruptions.ts';

/** One run of the scenarios on a fresh node. */
export interface Phase {
  readonly title: string;
  /** How long the scenarios run at least; longer where the disruptions take longer. */
  readonly seconds: number;
  /** Seconds; Kubernetes' own, 300, when left out. */
  readonly longestBackOff?: number;
  /** How many Pods of each scenario; see `scenarios/pods.ts`. */
  readonly copies: Readonly<Record<string, number>>;
  readonly disruptions: readonly Disruption[];
  readonly bounds: Bounds;
}

export interface Bounds {
  readonly trueRestarts: number;
  readonly recall: number;
}

const all = {
  crash: 6,
  fast: 4,
  clean: 3,
  oom: 3,
  segfault: 2,
  'probe-term': 2,
  'probe-kill': 1,
  'start-error': 2,
  migrate: 3,
  'init-loop': 3,
  mesh: 3,
  'on-failure': 3,
  'own-always': 2,
  rule: 3,
  killed: 2,
  deleted: 1,
};

function at(seconds: number, ...what: readonly Omit<Disruption, 'at'>[]): readonly Disruption[] {
  return what.map((each) => ({ ...each, at: seconds }));
}

/** Everything is killed once, the kubelet twice. */
function everything(seconds: number): readonly Disruption[] {
  const part = (share: number) => Math.round(seconds * share);
  return [
    ...at(part(0.08), debugging),
    ...[0.12, 0.36, 0.72].flatMap((share) => at(part(share), containerKill)),
    ...at(part(0.2), kubeletCrash),
    ...at(part(0.3), deletions),
    ...at(part(0.42), apiServerCrash),
    ...at(part(0.52), functionCrash),
    ...at(part(0.6), ...gatewayCrashes),
    ...at(part(0.68), kubeletCrash),
    ...at(part(0.8), ...watchCrashes),
  ];
}

export const fullPhases: readonly Phase[] = [
  {
    title: 'default back-off',
    seconds: 540,
    copies: all,
    disruptions: everything(540),
    bounds: { trueRestarts: 300, recall: 0.995 },
  },
  {
    title: 'back-off capped at 3 s',
    seconds: 540,
    longestBackOff: 3,
    copies: all,
    disruptions: everything(540),
    bounds: { trueRestarts: 1500, recall: 0.98 },
  },
  {
    title: 'the API server killed ten times',
    seconds: 120,
    copies: all,
    disruptions: at(10, apiServerCrashes(10, 8)),
    bounds: { trueRestarts: 100, recall: 0.98 },
  },
];

export const quickPhases: readonly Phase[] = [
  {
    title: 'back-off capped at 3 s, quick',
    seconds: 60,
    longestBackOff: 3,
    copies: Object.fromEntries(Object.keys(all).map((scenario) => [scenario, 1])),
    disruptions: everything(60),
    bounds: { trueRestarts: 50, recall: 0.9 },
  },
];
