import Table from 'cli-table3';
import type { LocalZone } from '../../local-zone.ts';
import { duration, rfc3339 } from '../../metrics/families.ts';
import { type Restart, restartTime, runSeconds } from '../../restarts/restart.ts';
import { unixSeconds } from '../../rfc3339.ts';
import { localTime } from './local-time.ts';
import { printable } from './printable.ts';

/** One line of the restart history, as text. */
export interface HistoryRow {
  readonly namespace: string;
  /** Type and name as `kubectl` writes them, `deployment/checkout`; empty for a Pod without one. */
  readonly workload: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly kind: string;
  readonly ordinal: string;
  readonly exitCode: string;
  readonly reason: string;
  /** RFC 3339, so that text order is time order; empty when unknown. */
  readonly ended: string;
  readonly ran: string;
}

const head = ['NAMESPACE', 'WORKLOAD', 'POD', 'POD UID', 'CONTAINER', 'KIND', 'RESTART', 'EXIT', 'REASON'];

export function historyRow(restart: Restart): HistoryRow {
  return {
    namespace: restart.namespace,
    workload: workloadCell(restart.workloadType, restart.workload),
    pod: restart.pod,
    uid: restart.uid,
    container: restart.container,
    kind: restart.containerKind,
    ordinal: String(restart.ordinal),
    exitCode: String(restart.exitCode),
    reason: restart.reason,
    ended: rfc3339(restartTime(restart)),
    ran: duration(runSeconds(restart)),
  };
}

export function workloadCell(type: string, name: string): string {
  return name === '' ? '' : `${type}/${name}`;
}

/**
 * The rows as columns for people to read, the oldest restart first; unknown is `-`, a UID is cut to its start. Times are
 * those of the zone that the head of their column names.
 */
export function historyTable(rows: readonly HistoryRow[], zone: LocalZone): string {
  const table = new Table({
    head: [...head, `ENDED (${zone.name()})`, 'AFTER'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: noBorders,
  });
  for (const row of rows.toSorted(byTime)) {
    const cells = [row.namespace, row.workload, row.pod, row.uid.slice(0, 8), row.container, row.kind];
    const ended = localTime(unixSeconds(row.ended), zone);
    const ending = [`#${row.ordinal}`, row.exitCode, row.reason, ended, row.ran];
    table.push([...cells, ...ending].map((cell) => (cell === '' ? '-' : printable(cell))));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function byTime(a: HistoryRow, b: HistoryRow): number {
  return (
    a.ended.localeCompare(b.ended) || a.pod.localeCompare(b.pod) || Number(a.ordinal) - Number(b.ordinal)
  );
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
