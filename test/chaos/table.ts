import Table from 'cli-table3';
import type { RoundResult } from './round.ts';

const rows: readonly (readonly [name: string, of: (result: RoundResult) => number])[] = [
  ['events', ({ plan }) => plan.events],
  ['never sent by the source', ({ neverSent }) => neverSent],
  ['delivered, duplicates included', ({ deliveries }) => deliveries],
  ['attempts of the broker', ({ answers }) => [...answers.values()].reduce((sum, count) => sum + count, 0)],
  ['dead letters, replayed', ({ deadLetters }) => deadLetters],
  ['function and dead-letters killed or ended', ({ kills }) => kills],
  ['Pushgateway: orderly restarts', ({ disruptions }) => disruptions['orderly restart']],
  ['Pushgateway: pauses', ({ disruptions }) => disruptions.pause],
  ['Pushgateway: kills', ({ disruptions }) => disruptions.kill],
  ['restarts shown', ({ shown }) => shown],
  ["of these, whose loss could be only the function's", ({ accountable }) => accountable],
  ['recorded', ({ recorded }) => recorded],
  ['lost by the function', ({ lostByFunction }) => lostByFunction.length],
  ['lost in an orderly restart', ({ lostInOrderlyRestart }) => lostInOrderlyRestart.length],
  ["lost by the gateway's kill", ({ lostByKill }) => lostByKill.length],
  ['twice', ({ twice }) => twice.length],
  ['wrong', ({ wrong }) => wrong.length],
  ['invented', ({ invented }) => invented.length],
];

/** The rounds with and without the consistency check of the Pushgateway, and all of them. */
export function chaosTable(results: readonly RoundResult[]): string {
  const columns = [
    results.filter(({ plan }) => plan.checksConsistency),
    results.filter(({ plan }) => !plan.checksConsistency),
    results,
  ];
  const table = new Table({
    head: ['', 'with the check', 'without', 'in all'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [name, of] of rows)
    table.push([
      name,
      ...columns.map((column) => column.reduce((sum, result) => sum + of(result), 0).toLocaleString('en')),
    ]);
  return table.toString();
}
