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

/** Takes the bytes of a page as they come. */
export interface PageReader {
  /**
   * The chunk is not kept.
   *
   * @throws SyntaxError when a Pod in it is not JSON.
   */
  write(chunk: Buffer): void;
  /** @throws SyntaxError when the page is not JSON, or is truncated, TypeError when it is not a list. */
  end(): ListPage;
}

/**
 * Reads a page of a list of Pods. Most Pods have never restarted: the prefilter rejects them unparsed, and no more of them
 * is kept than the one that is being read.
 */
export function createPageReader(): PageReader {
  const reader = createJsonReader({ isWorthParsing: mayHaveRestarted });
  const restarted: unknown[] = [];
  let count = 0;
  let list: Buffer | undefined;
  return {
    write(chunk) {
      const { records, lists, skipped } = reader.write(chunk);
      for (const { bytes } of records)
        if (mayHaveRestarted(bytes)) restarted.push(JSON.parse(bytes.toString()));
      count += records.length + skipped.pods + skipped.others;
      list ??= lists[0];
    },
    end() {
      if (reader.end().records.length > 0) throw new SyntaxError('the list is truncated');
      return { count, restarted, ...readMetadata(list) };
    },
  };
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
