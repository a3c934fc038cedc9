import { createJsonReader } from '../../files/json-reader.ts';
import { isObject } from '../../narrow.ts';
import { mayHoldTermination } from '../prefilter.ts';

/** A part of a list, as an answer of the API server holds it. */
export interface ListPage {
  /** How many Pods it holds. */
  readonly count: number;
  /** Those that have restarted, or may have. */
  readonly restarted: readonly unknown[];
  readonly resourceVersion: string;
  /** Where the next page starts; empty when there is none. */
  readonly next: string;
}

/**
 * Reads a page of a list of Pods. Most Pods have never restarted, which their bytes tell: these are not parsed, so
 * that a page costs little more memory than its bytes.
 *
 * @throws SyntaxError when it is no JSON, TypeError when it is no list.
 */
export function readPage(page: Buffer): ListPage {
  const place = listPlace(page);
  const reader = createJsonReader(mayHaveRestarted);
  const found = [reader.write(page), reader.end()];
  const restarted = found[0]?.records.map(({ bytes }): unknown => JSON.parse(bytes.toString())) ?? [];
  if (found[1]?.records.length !== 0) throw new SyntaxError('the list ends in the middle');
  const skipped = found.reduce((sum, each) => sum + each.skipped.pods + each.skipped.others, 0);
  return { count: restarted.length + skipped, restarted, ...place };
}

function mayHaveRestarted(pod: Buffer): boolean {
  if (mayHoldTermination(pod)) return true;
  for (let at = pod.indexOf(count); at >= 0; at = pod.indexOf(count, at + 1)) {
    if (!/^\s*:\s*0\b/.test(pod.toString('latin1', at + count.length, at + count.length + 16))) return true;
  }
  return false;
}

const count = Buffer.from('"restartCount"');

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/list-meta/ */
interface ListMeta {
  readonly resourceVersion: string;
  readonly continue: string;
}

/** What the list says of itself: before its items, where the API server writes it, or behind them. */
function listPlace(page: Buffer): Pick<ListPage, 'resourceVersion' | 'next'> {
  const items = page.indexOf('"items"');
  const metadata = page.indexOf('"metadata"');
  if (items < 0 || metadata < 0) throw notAList();
  const shell =
    metadata < items
      ? `${page.toString('utf8', 0, items)}"items":[]}`
      : `{${page.toString('utf8', page.lastIndexOf('"metadata"'))}`;
  const list: unknown = JSON.parse(shell);
  if (!isObject<{ metadata: object }>(list) || !isObject<ListMeta>(list.metadata)) {
    throw notAList();
  }
  const { resourceVersion, continue: next } = list.metadata;
  return { resourceVersion: text(resourceVersion), next: text(next) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function notAList(): TypeError {
  return new TypeError('the answer is no list of Pods');
}
