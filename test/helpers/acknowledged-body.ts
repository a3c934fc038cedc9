import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { recordPodEvent } from '../../functions/record-pod.ts';
import { readCloudEvent } from '../../lib/cloudevents/cloud-event.ts';
import { readHttpMessage } from '../../lib/cloudevents/http-message.ts';
import { LedgerError } from '../../lib/errors.ts';
import { readBody } from '../../lib/http/read-body.ts';
import { readKubernetesObject } from '../../lib/kubernetes/objects/kubernetes-object.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { type Restart, restartsOf } from '../../lib/restarts/restart.ts';
import type { SplitBody } from './pod-bodies.ts';

/** What becomes of a body: the restarts that are recorded, or the message that it is refused with. */
type Outcome = readonly Restart[] | string;

/** How a body was acknowledged, or that it was not. */
export type Treatment = 'recorded' | 'nothing to record' | 'refused' | 'invalid and not read';

/**
 * Sends a body through what a request passes, and compares the outcome with that of parsing and checking it always.
 *
 * @throws AssertionError when a restart that it shows is not recorded, or when it is acknowledged without having been checked
 * although it is not a Pod without a termination by its bytes alone.
 */
export async function compareBody({ bytes, splits }: SplitBody): Promise<Treatment> {
  const expected = outcomeOf(() => parsed(bytes));
  const actual = await received(bytes, splits);
  if (typeof expected === 'string' && typeof actual !== 'string') {
    assert.match(bytes.toString('latin1'), unread, 'an invalid body was acknowledged');
    assert.deepEqual(actual, []);
    return 'invalid and not read';
  }
  assert.deepEqual(actual, expected);
  if (typeof actual === 'string') return 'refused';
  return actual.length > 0 ? 'recorded' : 'nothing to record';
}

/** Between braces, with a kind, and with nothing that can spell the key of a termination. */
const unread = /^(?!.*(?:terminated|\\u))[ \t\n\r]*\{.*"kind": ?"Pod".*\}[ \t\n\r]*$/s;

function parsed(bytes: Buffer): readonly Restart[] {
  const object = bytes.length === 0 ? undefined : parseJson(bytes, "the CloudEvent's data");
  const pod = readKubernetesObject(object);
  return pod === undefined ? [] : restartsOf(pod);
}

function outcomeOf(work: () => readonly Restart[]): Outcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
}

async function received(bytes: Buffer, splits: readonly number[]): Promise<Outcome> {
  const recorded: Restart[] = [];
  const recording = {
    recordRestarts: async (restarts: readonly Restart[]) => {
      recorded.push(...restarts);
    },
    retention: { seconds: Number.POSITIVE_INFINITY },
    nowSeconds: () => 0,
  };
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, headers);
  const body = readBody(request, bytes.length);
  let start = 0;
  for (const end of [...splits.toSorted((a, b) => a - b), bytes.length]) {
    if (end > start) request.push(bytes.subarray(start, end));
    start = end;
  }
  request.push(null);
  try {
    const [event] = readHttpMessage(request.headers, await body);
    await recordPodEvent(readCloudEvent(event), recording);
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
  return recorded;
}

const headers = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/s',
  'ce-type': 'dev.knative.apiserver.resource.update',
  'content-type': 'application/json',
};
