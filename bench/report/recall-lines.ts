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

/** The recall in a sentence: all phases together, by the path that has recorded the least. */
export function recallSentence({ phases }: Recall): string {
  const trueRestarts = sum(phases.map((phase) => phase.trueRestarts));
  const paths = Object.keys(pathTitles).map((name) => {
    const results = phases.flatMap((phase) => phase.paths.filter(({ path }) => path === name));
    return {
      onRecord: sum(results.map(({ onRecord }) => onRecord)),
      twice: sum(results.map(({ twice }) => twice)),
      wrong: sum(results.map(({ wrong, invented }) => wrong + invented)),
    };
  });
  const onRecord = Math.min(...paths.map((path) => path.onRecord));
  const twice = Math.max(...paths.map((path) => path.twice));
  const wrong = Math.max(...paths.map((path) => path.wrong));
  const readable = Map.groupBy(
    phases.flatMap(({ kubeStateMetrics }) => kubeStateMetrics),
    ({ interval }) => interval,
  );
  const shares = [...readable.values()].map((scrapes) =>
    percentage(sum(scrapes.map(({ restarts }) => restarts)), trueRestarts),
  );
  return [
    `Measured on a real node while its parts were killed: of ${trueRestarts} restarts by containerd's own account,`,
    `${share(onRecord, trueRestarts)} are on record, ${twice || 'none'} twice, ${wrong || 'none'} wrong ([recall](#recall)).`,
    `kube-state-metrics on the same node, scraped every ${listed([...readable.keys()])} s, showed time, exit code and reason`,
    `of ${listed(shares)} of them.`,
  ].join('\n');
}

function listed(items: readonly (string | number)[]): string {
  return new Intl.ListFormat('en-GB').format(items.map(String));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
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
  return `${part} (${percentage(part, whole)})`;
}

function percentage(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}
