import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startNode } from '../helpers/node-program.ts';
import { startRestartableGateway } from '../helpers/restartable-gateway.ts';
import { storedSeries } from '../helpers/series.ts';
import { type Account, accountOf, isRecordedLine, type PossibleLoss } from './account.ts';
import { type Broker, createBroker } from './broker.ts';
import { allStored, type Disruption, disrupt } from './disruptions.ts';
import { startServer } from './program.ts';
import { createRandom } from './random.ts';
import { createSequence } from './source.ts';

/** A part of a run, with a Pushgateway of its own. */
export interface RoundPlan {
  readonly events: number;
  readonly checksConsistency: boolean;
  /** What happens to the Pushgateway, one after the other, again and again. */
  readonly disruptions: readonly Disruption[];
  /** After so many events each; likewise with the programs of the product. */
  readonly eventsBetweenDisruptions: number;
  readonly eventsBetweenKills: number;
}

export interface RoundOptions {
  readonly seed: number;
  /** The programs, from their sources or built. */
  readonly functionProgram: string;
  readonly commandProgram: string;
  readonly onSettled: () => void;
}

export interface RoundResult extends Account {
  readonly plan: RoundPlan;
  readonly neverSent: number;
  readonly sent: number;
  readonly deliveries: number;
  /** Attempts of the broker by their status; 0 for a broken connection. */
  readonly answers: ReadonlyMap<number, number>;
  readonly deadLetters: number;
  readonly disruptions: Readonly<Record<Disruption, number>>;
  readonly kills: number;
  /** Programs that did what they must not, and events that nobody acknowledged. */
  readonly faults: readonly string[];
}

const job = 'chaos';
const replicas = 3;
const killPause = 200;
const eventsPerSecond = 500;

/** Sends the events of a model of the kubelet through a model of a broker, and compares the records with them. */
export async function runRound(
  plan: RoundPlan,
  { seed, functionProgram, commandProgram, onSettled }: RoundOptions,
): Promise<RoundResult> {
  const random = createRandom(seed);
  const sequence = createSequence(plan.events, random);
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = join(folder, 'dead-letters.ndjson');
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const gateway = resources.use(
    await startRestartableGateway({
      flags: [
        '--persistence.interval=1s',
        ...(plan.checksConsistency ? [] : ['--push.disable-consistency-check']),
      ],
    }),
  );
  const environment = { PUSHGATEWAY_URL: gateway.url, PUSHGATEWAY_TIMEOUT: '2s', JOB: job, RETENTION: '0' };
  const functions = await Promise.all(
    Array.from({ length: replicas }, () => startServer([functionProgram], environment)),
  );
  for (const each of functions) resources.use(each);
  const deadLetterSink = resources.use(
    await startServer([commandProgram, 'dead-letters', file], environment),
  );
  const programs = [...functions, deadLetterSink];

  const reached = createMilestones();
  const broker = createBroker({
    subscriber: () => functions[random.below(replicas)]?.url ?? '',
    deadLetterSink: deadLetterSink.url,
    onSettled() {
      onSettled();
      reached.advance();
    },
  });
  resources.defer(() => broker.close());

  const ends: PossibleLoss[] = [];
  const disruptions = { 'orderly restart': 0, pause: 0, kill: 0 };
  const disrupted = createMilestones();
  let kills = 0;

  async function disruptGateway(): Promise<void> {
    for (let count = 0; await reached.next(plan.eventsBetweenDisruptions); count += 1) {
      const disruption = plan.disruptions[count % plan.disruptions.length];
      if (disruption === undefined) return;
      const end = await disrupt(gateway, disruption, { random, job });
      if (end !== undefined) ends.push(end);
      disruptions[disruption] += 1;
      disrupted.advance();
    }
  }

  async function killPrograms(): Promise<void> {
    while (await reached.next(plan.eventsBetweenKills)) {
      const program = programs[random.below(programs.length)];
      await program?.restart(random.pick(['SIGKILL', 'SIGTERM']), random.below(killPause));
      kills += 1;
    }
  }

  async function publishAll(): Promise<void> {
    const first = performance.now();
    for (const [index, event] of sequence.deliveries.entries()) {
      const due = first + (1000 * index) / eventsPerSecond;
      await delayUntil(due);
      // However long a disruption takes, no more events pass meanwhile than would pass between two.
      await disrupted.reach(Math.floor(index / plan.eventsBetweenDisruptions) - 1);
      await broker.publish(event);
    }
    await broker.idle();
    reached.end();
  }

  await Promise.all([publishAll(), disruptGateway(), killPrograms()]);
  const faults = [...(await replayDeadLetters(broker, { commandProgram, file, environment }))];
  await allStored(gateway.url);
  const stored = (await storedSeries(gateway.url, job)).filter(isRecordedLine);
  for (const { faults: own } of programs) faults.push(...own);
  const unacknowledged = sequence.sent.filter(({ acknowledged }) => acknowledged.length === 0).length;
  if (unacknowledged > 0) faults.push(`${unacknowledged} events were never acknowledged`);
  return {
    ...accountOf(sequence.sent, stored, ends, job),
    plan,
    neverSent: sequence.neverSent,
    sent: sequence.sent.length,
    deliveries: sequence.deliveries.length,
    answers: broker.answers,
    deadLetters: broker.deadLetters.length,
    disruptions,
    kills,
    faults,
  };
}

async function delayUntil(time: number): Promise<void> {
  const milliseconds = time - performance.now();
  if (milliseconds > 0) await delay(milliseconds);
}

/** Waits for numbers of what happens. */
function createMilestones() {
  let happened = 0;
  let hasEnded = false;
  const waiting = new Set<() => void>();
  const check = () => {
    for (const each of waiting) each();
  };

  /** Resolves once it has happened so many times; with `false` when it has ended. */
  async function reach(milestone: number): Promise<boolean> {
    await new Promise<void>((resolve) => {
      const observe = () => {
        if (happened < milestone && !hasEnded) return;
        waiting.delete(observe);
        resolve();
      };
      waiting.add(observe);
      observe();
    });
    return !hasEnded;
  }

  return {
    advance() {
      happened += 1;
      check();
    },
    end() {
      hasEnded = true;
      check();
    },
    reach,
    /** Resolves after so many times more. */
    next: (count: number) => reach(happened + count),
  };
}

/** Records what the dead-letter sink has kept. A line that a kill has cut off was not acknowledged: its event came again. */
async function replayDeadLetters(
  { deadLetters }: Broker,
  {
    commandProgram,
    file,
    environment,
  }: {
    readonly commandProgram: string;
    readonly file: string;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<readonly string[]> {
  if (deadLetters.length === 0) return [];
  const from = Date.now();
  const { ended } = startNode([commandProgram, 'replay', '--quiet', file], { environment });
  const { code, stderr } = await ended;
  const to = Date.now();
  // 1: something was refused, as half a line is.
  if (code !== 0 && code !== 1) return [`the replay of the dead letters has failed: ${stderr}`];
  for (const { acknowledged } of deadLetters) acknowledged.push({ from, to });
  return [];
}
