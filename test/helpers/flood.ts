import { join } from 'node:path';
import { startNode } from './node-program.ts';
import type { Message } from './send.ts';

const program = join(import.meta.dirname, 'flood-process.ts');

/**
 * Sends a message many times at once, from a process of its own, so that what sending takes delays nobody here.
 *
 * @returns the statuses of the answers; 503 where there is none, since a sender that is answered before it has sent everything
 * may lose the connection.
 */
export async function flood(
  url: string,
  count: number,
  { headers = {}, body = '' }: Message,
): Promise<ReadonlySet<number>> {
  await using sender = startNode([program, url, String(count), JSON.stringify(headers)]);
  sender.stdin.end(body);
  const { code, stdout, stderr } = await sender.ended;
  if (code !== 0) throw new Error(`the flood failed: ${stderr}`);
  return new Set<number>(JSON.parse(stdout));
}
