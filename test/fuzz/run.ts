import fc from 'fast-check';
import type { Door } from './door.ts';
import { authorizationDoor } from './doors/authorization.ts';
import { deadLetterDoor } from './doors/dead-letter.ts';
import { eventDoor } from './doors/event.ts';
import { pushDoor, storedGroupsDoor } from './doors/exposition.ts';
import { compressedDoor, fileDoor, yamlDoor } from './doors/file.ts';
import { listDoor } from './doors/list.ts';
import { podDoor } from './doors/pod.ts';
import { referenceDoor } from './doors/reference.ts';
import { selectionDoor, settingsDoor } from './doors/settings.ts';
import { anyPlan, mutated } from './mutate.ts';

/** All doors but those that have something to close. */
export const doors: readonly Door[] = [
  eventDoor,
  deadLetterDoor,
  podDoor,
  referenceDoor,
  authorizationDoor,
  listDoor,
  fileDoor,
  yamlDoor,
  compressedDoor,
  pushDoor,
  storedGroupsDoor,
  settingsDoor,
  selectionDoor,
];

/** What went in at a door, and what became of it. */
export interface DoorCounts {
  readonly door: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  /** The input that took longest, in milliseconds. */
  readonly slowest: number;
}

export interface Finding {
  readonly door: string;
  /** The smallest input that shows it. */
  readonly input: Buffer;
  readonly error: unknown;
}

/** Inputs of a door, up to the first finding, which is reduced. */
export async function fuzz(
  door: Door,
  {
    inputs,
    seed,
    onInput = () => {},
  }: { readonly inputs: number; readonly seed: number; readonly onInput?: () => void },
): Promise<{ readonly counts: DoorCounts; readonly finding: Finding | undefined }> {
  const counts = { accepted: 0, refused: 0, slowest: 0 };
  const details = await fc.check(
    fc.asyncProperty(anyPlan, async (plan) => {
      const input = mutated(door.corpus, plan);
      const start = performance.now();
      counts[await door.take(input, plan.choices)] += 1;
      counts.slowest = Math.max(counts.slowest, performance.now() - start);
      onInput();
    }),
    { numRuns: inputs, seed },
  );
  const [plan] = details.counterexample ?? [];
  return {
    counts: { door: door.name, inputs: counts.accepted + counts.refused, ...counts },
    finding:
      plan === undefined
        ? undefined
        : { door: door.name, input: mutated(door.corpus, plan), error: details.errorInstance },
  };
}

/** How many of the inputs go in at each door. */
export function shares(
  all: readonly Door[],
  inputs: number,
): readonly (readonly [door: Door, inputs: number])[] {
  const sum = all.reduce((before, { share }) => before + share, 0);
  return all.map((door) => [door, Math.ceil((inputs * door.share) / sum)]);
}
