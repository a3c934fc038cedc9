import { createJsonReader } from '../../files/json-reader.ts';
import { isObject } from '../../narrow.ts';
import { mayHaveRestarted } from '../prefilter.ts';

/** A part of a list, as the API server answers it. */
export interface ListPage {
  /** How many Pods it has. */
  readonly count: number;
  /** Those that have restarted, or may have. */
  readonly restarted: readonly unknown[];
  readonly resourceVersion: string;
  /** The continue token of the next page; empty when there is none. */
  readonly next: string;
}

/**
 * Reads a page of a list of Pods. Most Pods have never restarted: the prefilter rejects them unparsed, so that a page
 * costs little more memory than its bytes.
 *
 * @throws SyntaxError when it is not JSON, TypeError when it is not a list.
 */
export function readPage(page: Buffer): ListPage {
  const reader = createJsonReader({ isWorthParsing: mayHaveRestarted });
  const { records, lists, skipped } = reader.write(page);
  const pods = records.filter(({ bytes }) => mayHaveRestarted(bytes));
  const restarted = pods.map(({ bytes }): unknown => JSON.parse(bytes.toString()));
  if (reader.end().records.length > 0) throw new SyntaxError('the list is truncated');
  const count = records.length + skipped.pods + skipped.others;
  return { count, restarted, ...readMetadata(lists[0]) };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/list-meta/ */
interface ListMeta {
  readonly resourceVersion: string;
  readonly continue: string;
}

/** @param text The list without its items. */
function readMetadata(text: Buffer | undefined): Pick<ListPage, 'resourceVersion' | 'next'> {
  const list: unknown = text && JSON.parse(text.toString());
  if (!isObject<{ metadata: object }>(list) || !isObject<ListMeta>(list.metadata)) {
    throw new TypeError('the answer is not a list of Pods');
  }
  const { resourceVersion, continue: next } = list.metadata;
  return { resourceVersion: textOf(resourceVersion), next: textOf(next) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
