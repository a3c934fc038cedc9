import { LedgerError } from '../../errors.ts';
import { identityOf } from '../../restarts/history.ts';
import type { PodObservation } from '../../restarts/pod-observation.ts';
import type { Restart } from '../../restarts/restart.ts';
import type { Sink } from '../sinks/sink.ts';

/** The last delivery of a restart to the sink. */
interface Delivery {
  /** Whether it had the time at which the container ran again: then no observation can add anything. */
  readonly complete: boolean;
  /** Why it failed; `undefined` once the sink has accepted it. */
  readonly outcome: Promise<LedgerError | undefined> | undefined;
}

export interface Deduplicator {
  /**
   * Resolves when everything that the observation shows has been accepted, by this call or an earlier one; with the
   * failure when something was not. Calls may overlap; a restart is delivered by the first call that shows it.
   */
  take(observation: PodObservation): Promise<LedgerError | undefined>;
  /** How many different restarts the sink has accepted. */
  count(): number;
}

/**
 * Deduplicates observations before a sink: each goes on with only the restarts that no earlier one has delivered. An
 * optimisation, since sinks are idempotent. It keeps the identities of the restarts in memory.
 */
export function createDeduplicator(sinkTake: Sink['take']): Deduplicator {
  const deliveries = new Map<string, Delivery>();
  const accepted = new Set<string>();

  function addsSomething(restart: Restart): boolean {
    const delivery = deliveries.get(identityOf(restart));
    return delivery === undefined || (!delivery.complete && restart.restartedAt !== undefined);
  }

  async function deliver(observation: PodObservation): Promise<LedgerError | undefined> {
    const { restarts } = observation;
    const earlier = restarts.map((restart) => deliveries.get(identityOf(restart)));
    const outcome = failureOf(sinkTake(observation));
    const started = restarts.map(
      (restart): Delivery => ({ complete: restart.restartedAt !== undefined, outcome }),
    );
    for (const [index, restart] of restarts.entries()) set(restart, started[index]);
    const failure = await outcome;
    for (const [index, restart] of restarts.entries()) {
      if (failure === undefined) accepted.add(identityOf(restart));
      // A later delivery that adds something may have started in between.
      if (deliveries.get(identityOf(restart)) !== started[index]) continue;
      const ended = { complete: restart.restartedAt !== undefined, outcome: undefined };
      set(restart, failure === undefined ? ended : earlier[index]);
    }
    return failure;
  }

  function set(restart: Restart, delivery: Delivery | undefined): void {
    if (delivery === undefined) deliveries.delete(identityOf(restart));
    else deliveries.set(identityOf(restart), delivery);
  }

  return {
    async take(observation) {
      const restarts = observation.restarts.filter(addsSomething);
      const others = observation.restarts.filter((restart) => !restarts.includes(restart));
      const outcomes = others.map((restart) => deliveries.get(identityOf(restart))?.outcome);
      if (restarts.length > 0) outcomes.unshift(deliver({ ...observation, restarts }));
      return (await Promise.all(outcomes)).find((failure) => failure !== undefined);
    },
    count: () => accepted.size,
  };
}

async function failureOf(work: Promise<void>): Promise<LedgerError | undefined> {
  try {
    await work;
    return undefined;
  } catch (failure) {
    if (failure instanceof LedgerError) return failure;
    throw failure;
  }
}
