import Table from 'cli-table3';
import type { PathResult, PhaseResult } from './result.ts';

/** One phase for a terminal: each path beside the true restarts, its findings by name, and kube-state-metrics. */
export function phaseTable(result: PhaseResult): string {
  const table = new Table({
    head: ['', ...result.paths.map(({ path }) => path)],
    style: { head: [], border: [] },
  });
  const line = (what: string, value: (path: PathResult) => string | number) =>
    table.push([what, ...result.paths.map((path) => String(value(path)))]);
  line('true restarts', ({ trueRestarts }) => trueRestarts);
  line('shown by the API', () => result.shown);
  line('on record', ({ onRecord, trueRestarts }) => `${onRecord} (${(onRecord / trueRestarts).toFixed(4)})`);
  line('twice', ({ twice }) => twice);
  line('wrong', ({ wrong }) => wrong);
  line('invented', ({ invented }) => invented);
  line('restart still to come', ({ awaited }) => awaited);
  line('not held by the gateway', ({ notHeld }) => notHeld);
  line('named as missed', ({ missed }) => missed);
  line('the watch has ended', ({ watchEnded }) => watchEnded);
  const peers = result.kubeStateMetrics.map(
    ({ interval, restarts }) =>
      `kube-state-metrics, scraped every ${interval} s: ${restarts} readable (${(restarts / result.trueRestarts).toFixed(3)})`,
  );
  const kinds = Object.entries(result.byContainer).map(([name, count]) => `${name} ${count}`);
  const findings = result.paths.flatMap(({ path, findings }) => findings.map((each) => `${path}: ${each}`));
  return [
    `${result.title}, ${result.seconds} s`,
    table.toString(),
    ...peers,
    `restarts by container: ${kinds.join(', ')}`,
    `ends that no restart follows: ${result.endings}`,
    ...findings,
  ].join('\n');
}
