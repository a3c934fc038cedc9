import type { ShownRestart } from './kubelet-model.ts';
import type { Scenario } from './kubelet-scenario.ts';

/** A scenario with its delivered statuses. */
export interface DeliveredScenario {
  readonly scenario: Scenario;
  /** What the delivered statuses showed, in the order of delivery. */
  readonly shown: readonly ShownRestart[];
  /** What all the statuses of the scenario showed. */
  readonly happened: readonly ShownRestart[];
  /** The delivered statuses by their place in the scenario. */
  readonly order: readonly number[];
}

/** Situations that the property test must cover, by name, and whether a scenario has them. */
export const situations: Readonly<Record<string, (scenario: DeliveredScenario) => boolean>> = {
  'a restart shown in back-off and again when it runs': ({ shown }) =>
    somePair(shown, (a, b) => sameEnd(a, b) && a.stateName === 'waiting' && b.stateName === 'running'),
  'a restart shown before its container has started': ({ shown }) => shown.some(inState('created')),
  'a restart shown when the next end has come': ({ shown }) =>
    shown.some(({ stateName, isPresent }) => stateName === 'terminated' && !isPresent),
  'a restart shown in state alone': ({ shown }) =>
    shown.some((a) => a.isPresent && !shown.some((b) => sameEnd(a, b) && !b.isPresent)),
  'two restarts of a container in one status': ({ shown }) =>
    somePair(
      shown,
      (a, b) => sameContainer(a, b) && a.isPresent && !b.isPresent && a.ordinal === b.ordinal + 1,
    ),
  'a container that was lost': ({ shown }) => shown.some(({ reason }) => reason === 'ContainerStatusUnknown'),
  'an end of which no time is known, and the next start': ({ shown }) =>
    shown.some(({ finishedAt, stateName }) => finishedAt === undefined && stateName === 'running'),
  'an end that led to no restart': ({ shown }) => shown.some(({ ordinal }) => ordinal === 0),
  'a container that could not start': ({ shown }) => shown.some(({ startedAt }) => startedAt === 0),
  'an end without a reason': ({ shown }) => shown.some(({ reason }) => reason === ''),
  'an init container': ({ shown }) => shown.some(({ kind }) => kind === 'init'),
  'a sidecar': ({ shown }) => shown.some(({ kind }) => kind === 'sidecar'),
  'an ephemeral container': ({ shown }) => shown.some(({ kind }) => kind === 'ephemeral'),
  'a Pod created again': ({ shown }) => somePair(shown, (a, b) => a.plan === b.plan && a.uid !== b.uid),
  'a count that starts again': ({ shown }) =>
    somePair(shown, (a, b) => sameContainer(a, b) && a.ordinal >= b.ordinal && endsBefore(a, b)),
  'a restart that no delivered status showed': ({ shown, happened }) =>
    happened.some((a) => !shown.some((b) => sameEnd(a, b))),
  'a status delivered twice': ({ order }) => new Set(order).size < order.length,
  'a replica replaced in the middle': ({ scenario }) =>
    scenario.deliveries.slice(0, -scenario.concurrency).some(({ replaced }) => replaced),
  'several replicas, and several deliveries at once': ({ scenario }) =>
    scenario.replicas > 1 && scenario.concurrency > 1,
  'a status delivered late': ({ order }) => order.some((place, index) => place < (order[index - 1] ?? 0)),
};

function somePair<T>(items: readonly T[], holds: (a: T, b: T) => boolean): boolean {
  return items.some((a) => items.some((b) => holds(a, b)));
}

function inState(name: ShownRestart['stateName']) {
  return ({ stateName }: ShownRestart) => stateName === name;
}

function sameContainer(a: ShownRestart, b: ShownRestart): boolean {
  return a.uid === b.uid && a.container === b.container;
}

function sameEnd(a: ShownRestart, b: ShownRestart): boolean {
  return sameContainer(a, b) && a.ordinal === b.ordinal && a.finishedAt === b.finishedAt;
}

function endsBefore(a: ShownRestart, b: ShownRestart): boolean {
  return a.finishedAt !== undefined && b.finishedAt !== undefined && a.finishedAt < b.finishedAt;
}
