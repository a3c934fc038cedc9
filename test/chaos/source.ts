import fc from 'fast-check';
import { binary, podEvent, structured } from '../fixtures/pod-events.ts';
import type { ShownRestart, Status } from '../helpers/kubelet-model.ts';
import { anyHistory, type History, reportedStatuses } from '../helpers/kubelet-scenario.ts';
import type { Message } from '../helpers/send.ts';
import type { BrokerEvent } from './broker.ts';
import type { Random } from './random.ts';

/** What a source has made of the statuses of some Pods. */
export interface Sequence {
  /** Every restart that happened and was reported, whether or not its event was sent. */
  readonly happened: readonly ShownRestart[];
  /** Events that were sent at least once. */
  readonly sent: readonly SentEvent[];
  /** Events that never reached the broker, as while an API server source is down. */
  readonly neverSent: number;
  /** In the order in which the broker gets them: late and out of order ones, and duplicates. */
  readonly deliveries: readonly SentEvent[];
}

/** An event, and what its Pod shows. */
export interface SentEvent extends BrokerEvent {
  readonly shown: readonly ShownRestart[];
}

/** Histories that go on at the same time. */
const atOnce = 24;
const lossProbability = 0.02;
const duplicateProbability = 0.06;
/** How far an event comes after those that follow it. */
const disorder: readonly (readonly [probability: number, most: number])[] = [
  [0.02, 2000],
  [0.1, 100],
  [0.3, 5],
];

/** So many events of Pods of a model of the kubelet, whose statuses are coalesced. */
export function createSequence(count: number, random: Random): Sequence {
  const statuses = manyStatuses(count, random);
  const sent: SentEvent[] = [];
  const queue: (readonly [at: number, event: SentEvent])[] = [];
  let neverSent = 0;
  for (const [index, { pod, shown }] of statuses.entries()) {
    if (random.happens(lossProbability)) {
      neverSent += 1;
      continue;
    }
    const event = { message: messageOf(pod, index, random), shown, acknowledged: [] };
    sent.push(event);
    queue.push([index + delay(random), event]);
    if (random.happens(duplicateProbability)) queue.push([index + delay(random), event]);
  }
  queue.sort(([one], [other]) => one - other);
  return {
    happened: statuses.flatMap(({ shown }) => shown),
    sent,
    neverSent,
    deliveries: queue.map(([, event]) => event),
  };
}

function manyStatuses(count: number, random: Random): readonly Status[] {
  const statuses: Status[] = [];
  const running: Status[][] = [];
  let histories = 0;
  while (statuses.length < count) {
    while (running.length < atOnce) {
      const [history] = fc.sample(anyHistory, { numRuns: 1, seed: random.below(2 ** 31) });
      if (history !== undefined) running.push([...reportedStatuses(unique(history, histories++))].reverse());
    }
    const place = random.below(running.length);
    const status = running[place]?.pop();
    if (status === undefined) running.splice(place, 1);
    else statuses.push(status);
  }
  return statuses;
}

/** Each model of a kubelet gives the same identities: the namespace keeps them apart. */
function unique({ plans, commands }: History, number: number): History {
  return {
    plans: plans.map((plan) => ({ ...plan, namespace: `${plan.namespace}-${number}` })),
    commands,
  };
}

function delay(random: Random): number {
  const drawn = random.below(1000) / 1000;
  for (const [probability, most] of disorder) if (drawn < probability) return random.below(most);
  return 0;
}

const changes = ['add', 'update', 'update', 'update', 'delete'] as const;

function messageOf(pod: object, index: number, random: Random): Message {
  const type = `dev.knative.apiserver.resource.${random.pick(changes)}`;
  const event = podEvent(pod, { id: `event-${index}`, type });
  return random.happens(0.8) ? binary(event) : structured(event);
}
