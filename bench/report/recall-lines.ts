import type { PathResult, PhaseResult, Recall } from '../recall/result.ts';

export const recallHead = [
  '',
  "restarts, by containerd's account",
  'shown by the API',
  'on record',
  'twice',
  'wrong',
  'invented',
  'not in the gateway',
  'named as missed',
] as const;

const pathTitles: Readonly<Record<PathResult['path'], string>> = {
  watch: '`watch`',
  events: '`watch --sink` → function',
};

/** A line for each path and for kube-state-metrics in each phase; of the latter one can say only what was readable. */
export function recallLines({ phases }: Recall): readonly (readonly string[])[] {
  return phases.flatMap((phase) => [
    [`**${phase.title}**, ${Math.round(phase.seconds / 60)} min`, ...recallHead.slice(1).map(() => '')],
    ...phase.paths.map((path) => pathLine(phase, path)),
    ...phase.kubeStateMetrics.map(({ interval, restarts }) => [
      `kube-state-metrics, scraped every ${interval} s`,
      String(phase.trueRestarts),
      String(phase.shown),
      share(restarts, phase.trueRestarts),
      ...recallHead.slice(4).map(() => ''),
    ]),
  ]);
}

function pathLine({ trueRestarts, shown, bounds }: PhaseResult, path: PathResult): readonly string[] {
  const { onRecord, twice, wrong, invented, notHeld, missed } = path;
  const isReached = trueRestarts >= bounds.trueRestarts && onRecord / trueRestarts >= bounds.recall;
  return [
    pathTitles[path.path],
    String(trueRestarts),
    String(shown),
    `${share(onRecord, trueRestarts)}${isReached ? '' : `, aim ${bounds.recall * 100} % of ${bounds.trueRestarts} not reached`}`,
    ...[twice, wrong, invented, notHeld, missed].map(String),
  ];
}

function share(part: number, whole: number): string {
  return `${part} (${((part / whole) * 100).toFixed(1)} %)`;
}
