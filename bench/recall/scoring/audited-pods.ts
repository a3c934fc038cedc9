import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the API server's responses have shown of the Pods, by its audit log. */
export interface AuditedPods {
  /** The IDs of containers whose termination was in `state` or `lastState` of any Pod. */
  readonly ends: ReadonlySet<string>;
  /** When the deletion of a Pod was first shown, in Unix seconds, by the Pod's UID. */
  readonly deletions: ReadonlyMap<string, number>;
}

interface AuditedPod {
  readonly metadata?: { readonly uid?: string; readonly deletionTimestamp?: string };
}

const terminated = /"terminated":\{[^{}]*?"containerID":"containerd:\/\/([0-9a-f]+)"/g;

export async function readAuditedPods(auditLog: string): Promise<AuditedPods> {
  const ends = new Set<string>();
  const deletions = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    if (!line.includes('"responseObject":')) continue;
    const event: { responseObject?: AuditedPod; requestReceivedTimestamp: string } = JSON.parse(line);
    const { responseObject, requestReceivedTimestamp } = event;
    for (const [, id = ''] of JSON.stringify(responseObject).matchAll(terminated)) ends.add(id);
    const { uid, deletionTimestamp } = responseObject?.metadata ?? {};
    if (uid === undefined || deletionTimestamp === undefined || deletions.has(uid)) continue;
    deletions.set(uid, Date.parse(requestReceivedTimestamp) / 1000);
  }
  return { ends, deletions };
}
