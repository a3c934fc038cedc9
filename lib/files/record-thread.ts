/** The thread that reads a file: {@link file://./threaded-records.ts} starts it, and processes what it sends. */
import { parentPort, workerData } from 'node:worker_threads';
import { fileChunks } from './file-chunks.ts';
import { readRecords } from './read-records.ts';
import {
  createPack,
  type Pack,
  packFailure,
  type RecordMessage,
  type ThreadInput,
} from './record-messages.ts';

/** Bytes: more than a chunk of a file, so that all that is in one fits. */
const blockSize = 2 * 1024 * 1024;
/** Batches of a file that shows few terminations go together, since a message costs more than they do. */
const mostBatches = 8;
/** Blocks are written to and processed in turns: enough of them to keep both threads busy. */
const blocks = Array.from({ length: 4 }, () => new SharedArrayBuffer(blockSize));

const { path, expected, processed }: ThreadInput = workerData;
const processedCount = new Int32Array(processed);
const { signal } = new AbortController();
let sent = 0;
let pack = nextPack();

/** Back-pressure: waits until a block has been processed. */
function nextPack(): Pack {
  for (;;) {
    const count = Atomics.load(processedCount, 0);
    const block = sent - count < blocks.length ? blocks[sent % blocks.length] : undefined;
    if (block !== undefined) return createPack(block);
    Atomics.wait(processedCount, 0, count);
  }
}

function send(message: RecordMessage): void {
  parentPort?.postMessage(message);
}

function sendPack(): void {
  const { packed } = pack;
  if (packed.batches.length === 0) return;
  send({ type: 'batches', ...packed });
  sent += 1;
  pack = nextPack();
}

async function sendRecords(): Promise<void> {
  let read = 0;
  const onBytes = (count: number) => {
    read += count;
  };
  for await (const batch of readRecords(fileChunks(path, { onBytes, signal, mayBlock: true }), expected)) {
    if (!pack.add(batch, read)) {
      sendPack();
      pack.add(batch, read);
    }
    read = 0;
    if (pack.packed.batches.length === mostBatches) sendPack();
  }
}

try {
  await sendRecords();
  sendPack();
  send({ type: 'end' });
} catch (error) {
  const failure = packFailure(error);
  if (failure === undefined) throw error;
  sendPack();
  send({ type: 'failure', failure });
}
