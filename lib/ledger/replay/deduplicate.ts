import type { PodSighting } from '../../cloudevents/pod-event.ts';
import { LedgerError } from '../../errors.ts';
import { identityOf } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';
import type { Sink } from '../sinks/sink.ts';

/** What the last record that told of a restart told, and what becomes of it. */
interface Told {
  /** Whether it told when the container ran again: then no record can tell more. */
  readonly all: boolean;
  /** Why it was not taken; `undefined` once it has been. */
  readonly outcome: Promise<LedgerError | undefined> | undefined;
}

export interface TakeOnce {
  /**
   * Resolves when everything that the sighting shows has been taken, by this call or an earlier one; with the failure
   * when something was not. Calls may overlap; what one of them shows first is taken by that one.
   */
  take(sighting: PodSighting): Promise<LedgerError | undefined>;
  /** How many different restarts have been taken. */
  count(): number;
}

/** Gives a sink of each sighting only what no earlier one has told. Memory holds the restarts' identities. */
export function createTakeOnce(sinkTake: Sink['take']): TakeOnce {
  const told = new Map<string, Told>();
  const taken = new Set<string>();

  function isNews(restart: Restart): boolean {
    const before = told.get(identityOf(restart));
    return before === undefined || (!before.all && restart.restartedAt !== undefined);
  }

  async function takeNews(sighting: PodSighting): Promise<LedgerError | undefined> {
    const befores = sighting.restarts.map((restart) => told.get(identityOf(restart)));
    const outcome = failureOf(sinkTake(sighting));
    const entries = sighting.restarts.map(
      (restart): Told => ({ all: restart.restartedAt !== undefined, outcome }),
    );
    for (const [index, restart] of sighting.restarts.entries()) set(restart, entries[index]);
    const failure = await outcome;
    for (const [index, restart] of sighting.restarts.entries()) {
      if (failure === undefined) taken.add(identityOf(restart));
      // A later record that tells more may have come in between.
      if (told.get(identityOf(restart)) !== entries[index]) continue;
      set(
        restart,
        failure === undefined
          ? { all: restart.restartedAt !== undefined, outcome: undefined }
          : befores[index],
      );
    }
    return failure;
  }

  function set(restart: Restart, now: Told | undefined): void {
    if (now === undefined) told.delete(identityOf(restart));
    else told.set(identityOf(restart), now);
  }

  return {
    async take(sighting) {
      const restarts = sighting.restarts.filter(isNews);
      const others = sighting.restarts.filter((restart) => !restarts.includes(restart));
      const outcomes = others.map((restart) => told.get(identityOf(restart))?.outcome);
      if (restarts.length > 0) outcomes.unshift(takeNews({ ...sighting, restarts }));
      return (await Promise.all(outcomes)).find((failure) => failure !== undefined);
    },
    count: () => taken.size,
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
