import type { Disruption } from './disruptions.ts';
import { type RoundOptions, type RoundPlan, type RoundResult, runRound } from './round.ts';

/** The consistency check costs the more the more is stored: 440 pushes/s with 500 groups, 20/s with 3,000. */
const mostChecked = 1000;
const mostUnchecked = 20_000;
const checkedShare = 0.1;

const all: readonly Disruption[] = ['orderly restart', 'pause', 'orderly restart', 'kill', 'pause'];

/** The rounds of a run with so many events, 1 in 10 of them with the consistency check of the Pushgateway. */
export function roundsOf(events: number): readonly RoundPlan[] {
  const checked = Math.round(events * checkedShare);
  return [
    ...parts(checked, mostChecked).map((part) => ({
      events: part,
      checksConsistency: true,
      disruptions: all,
      eventsBetweenDisruptions: 120,
      eventsBetweenKills: 80,
    })),
    ...parts(events - checked, mostUnchecked).map((part) => ({
      events: part,
      checksConsistency: false,
      disruptions: all,
      eventsBetweenDisruptions: 600,
      eventsBetweenKills: 200,
    })),
  ];
}

function parts(count: number, most: number): readonly number[] {
  const number = Math.ceil(count / most);
  return Array.from({ length: number }, (_, index) =>
    index < number - 1 ? Math.ceil(count / number) : count - (number - 1) * Math.ceil(count / number),
  );
}

/** Runs the rounds one after the other, each with a seed that follows from that of the run. */
export async function runChaos(
  plans: readonly RoundPlan[],
  options: RoundOptions & { readonly onRound?: (result: RoundResult) => void },
): Promise<readonly RoundResult[]> {
  const results: RoundResult[] = [];
  for (const [index, plan] of plans.entries()) {
    const result = await runRound(plan, { ...options, seed: options.seed + index });
    options.onRound?.(result);
    results.push(result);
  }
  return results;
}

/** What must not be: everything but what a kill of the Pushgateway has lost. */
export function failuresOf(results: readonly RoundResult[]): readonly string[] {
  const named = (what: string, of: (result: RoundResult) => readonly string[]) =>
    results.flatMap(of).map((each) => `${what}: ${each}`);
  return [
    ...named('lost by the function', ({ lostByFunction }) => lostByFunction),
    ...named('lost in an orderly restart', ({ lostInOrderlyRestart }) => lostInOrderlyRestart),
    ...named('twice', ({ twice }) => twice),
    ...named('wrong', ({ wrong }) => wrong),
    ...named('invented', ({ invented }) => invented),
    ...named('fault', ({ faults }) => faults),
  ];
}
