import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { fileChunks } from '../../../lib/files/file-chunks.ts';
import { fileRecords } from '../../../lib/files/file-records.ts';
import { replay } from '../../../lib/ledger/replay/replay.ts';
import { createSelection } from '../../../lib/ledger/replay/selection.ts';
import { localZone } from '../../../lib/local-zone.ts';
import { identityOf } from '../../../lib/restarts/history.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';

const folder = join(import.meta.dirname, '../../../../shared/real-input');
const auditLog = join(folder, 'audit-kubelet-1.34.ndjson.zst');
const runtimeEventsFile = join(folder, 'audit-kubelet-1.34-truth.ndjson.zst');

/** One event of containerd about a container. */
interface RuntimeEvent {
  readonly topic: string;
  readonly cid: string;
  readonly uid: string;
  readonly container: string;
  readonly exit: number | null;
  readonly exited_at: string | null;
}

/** How a container ended; without an exit where containerd did not observe it (a power loss). */
interface TrueEnd {
  /** The restart that the end leads to. */
  readonly ordinal: number;
  readonly exitCode: number | undefined;
  readonly finishedAt: number | undefined;
  /** Whether it has a successor of the same Pod and container. */
  readonly isRestart: boolean;
}

test('the replay of a real audit log records the true restarts that the log shows, none twice and none wrong', {
  skip: skipReason(),
}, async (t) => {
  const ends = await trueEnds();
  const restarts = await replayed();
  const wrong = restarts.filter((restart) => !agrees(restart, ends.get(restart.containerId)));
  const right = restarts.filter((restart) => !wrong.includes(restart));
  const byContainer = Map.groupBy(right, ({ containerId }) => containerId);
  const twice = [...byContainer.values()].filter(({ length }) => length > 1);
  const recorded = [...byContainer.keys()].filter((id) => ends.get(id)?.isRestart);
  const total = [...ends.values()].filter(({ isRestart }) => isRestart).length;
  /** Ends during whose back-off the Pod was deleted, or the log ended. */
  const notFollowed = byContainer.size - recorded.length;
  t.diagnostic(
    `${total} true restarts, ${recorded.length} on record, ${twice.length} twice, ${wrong.length} wrong; ${notFollowed} ends on record that no restart followed`,
  );
  assert.deepEqual({ wrong, twice }, { wrong: [], twice: [] });
  assert.equal(total, 403);
  assert.ok(recorded.length >= 360, `${recorded.length} on record`);
});

function skipReason(): string | false {
  if (existsSync(auditLog) && existsSync(runtimeEventsFile)) return false;
  const reason = `${auditLog} is not there`;
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

function agrees(restart: Restart, end: TrueEnd | undefined): boolean {
  return (
    end !== undefined &&
    restart.ordinal === end.ordinal &&
    (end.exitCode === undefined || restart.exitCode === end.exitCode) &&
    (end.finishedAt === undefined || restart.finishedAt === end.finishedAt)
  );
}

/** The restarts that a replay records in its sink, each identity once. */
async function replayed(): Promise<readonly Restart[]> {
  const restarts = new Map<string, Restart>();
  const { signal } = new AbortController();
  const { refused } = await replay([{ path: auditLog, size: undefined, named: true, expected: true }], {
    recordsOf: (file, onBytes) => fileRecords(file, { onBytes, signal }),
    selection: createSelection({}, { nowSeconds: 0, zone: localZone }),
    sink: {
      async take(found) {
        for (const restart of found.restarts) restarts.set(identityOf(restart), restart);
      },
    },
    retryThroughOutage: (work) => work(),
    retention: { seconds: Infinity },
    nowSeconds: () => 0,
    isEnding: () => false,
    onRefused: ({ failure }) => assert.fail(failure),
    onProgress() {},
  });
  assert.deepEqual(refused, []);
  return [...restarts.values()];
}

/** By the ID of the container that ended, as a status writes it. */
async function trueEnds(): Promise<ReadonlyMap<string, TrueEnd>> {
  const events: RuntimeEvent[] = [];
  const { signal } = new AbortController();
  const chunks = fileChunks(runtimeEventsFile, { onBytes() {}, signal });
  const lines = createInterface({ input: Readable.from(copied(chunks)), crlfDelay: Infinity });
  for await (const line of lines) events.push(JSON.parse(line));

  const ends = new Map<string, TrueEnd>();
  for (const ofContainer of Map.groupBy(events, ({ uid, container }) => `${uid}/${container}`).values()) {
    const ids = [...new Set(ofContainer.map(({ cid }) => cid))];
    for (const [index, id] of ids.entries()) {
      const exit = ofContainer.find(({ cid, topic }) => cid === id && topic === '/tasks/exit');
      ends.set(`containerd://${id}`, {
        ordinal: index + 1,
        exitCode: exit?.exit ?? undefined,
        finishedAt: exit?.exited_at ? Math.floor(Date.parse(exit.exited_at) / 1000) : undefined,
        isRestart: index < ids.length - 1,
      });
    }
  }
  return ends;
}

/** A chunk is valid until the next one is asked for, and a stream reads ahead. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
