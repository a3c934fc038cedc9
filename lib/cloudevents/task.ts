import { LedgerError } from '../errors.ts';
import { isObject } from '../narrow.ts';

/** Work that a ping asks for. */
export const tasks = ['reconcile', 'sweep'] as const;
export type Task = (typeof tasks)[number];

/**
 * The work that the data of a ping event asks for, in the order in which it is to be done: all of it where the data
 * names none.
 *
 * @throws LedgerError `invalid-input` when it names another one.
 */
export function readTasks(data: unknown): readonly Task[] {
  const named = isObject<{ task: unknown }>(data) ? (data.task ?? undefined) : undefined;
  if (named === undefined) return tasks;
  const found = tasks.filter((task) => task === named);
  if (found.length > 0) return found;
  throw new LedgerError('invalid-input', {
    operation: 'reading',
    subject: "the ping's task",
    fact: `${JSON.stringify(named).slice(0, 80)} is not one of ${tasks.join(', ')}`,
    remedy: 'name one of them, or none for all',
  });
}
