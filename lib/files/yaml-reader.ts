import { yamlMayShowTermination } from '../kubernetes/prefilter.ts';
import { createLogSections } from './log-sections.ts';
import { createPendingBytes, type WholeBytes } from './pending-bytes.ts';
import { createPendingLines, type PendingLines } from './pending-lines.ts';
import {
  emptyBatch,
  type ListType,
  largestRecord,
  type RecordBatch,
  type RecordReader,
} from './raw-record.ts';

const newline = 0x0a;

/** A Pod by itself or as an item, or in a watch event; not in an object that refers to one. */
function isPodText(text: string): boolean {
  const [, indentation = ''] = /^( *)[\w"']/m.exec(text) ?? [];
  const [, watched] = /^object:\s*\n( +)/m.exec(text) ?? [];
  return (
    isOfPod(text, indentation) || (watched !== undefined && isOfPod(text, watched) && !isBookmark.test(text))
  );
}

const isBookmark = /^type:\s*["']?BOOKMARK/m;

function isOfPod(text: string, indentation: string): boolean {
  return new RegExp(`^${indentation}kind:\\s*["']?Pod\\b`, 'm').test(text);
}

/**
 * Reads YAML documents: `kubectl get -o yaml`. The items of a Kubernetes list are records of their own, which start at
 * the dashes at the indentation of the first one, so that memory does not grow with the file.
 *
 * @param limit Of one record, in bytes.
 */
export function createYamlReader(limit = largestRecord): RecordReader {
  const pending = createPendingBytes(limit);
  let line = 0;
  /** The record at hand. */
  let piece: PendingLines | undefined;
  let list: ListType = { kind: '', apiVersion: '' };
  /** The lines of a list that belong to none of its items. */
  let own: PendingLines | undefined;
  /** The indentation of the dashes of `items`; -1 before the first one, `undefined` where there are none. */
  let dashes: number | undefined;
  /** After the items: no later line belongs to a record. */
  let isAfterItems = false;
  const logs = createLogSections();
  let isFirst = true;
  let batch = emptyBatch();

  function emit(): void {
    const { text, isTooLarge, line } = piece?.take() ?? { text: '', isTooLarge: false, line: 0 };
    piece = undefined;
    if (!isTooLarge && !/^\s*[^\s#]/m.test(text)) return;
    const item = dashes === undefined ? undefined : list;
    if (isTooLarge || isFirst || yamlMayShowTermination(text)) {
      isFirst = false;
      batch.records.push({ line, bytes: Buffer.from(text), isTooLarge, format: 'yaml', list: item });
    } else if (item?.kind === 'PodList' || isPodText(text)) batch.skipped.pods += 1;
    else batch.skipped.others += 1;
  }

  function addLine(text: string): void {
    piece ??= createPendingLines(line, limit);
    piece.add(text);
  }

  function endDocument(): void {
    emit();
    if (own) batch.lists.push(Buffer.from(own.take().text));
    own = undefined;
    dashes = undefined;
    isAfterItems = false;
    list = { kind: '', apiVersion: '' };
  }

  function readLine(text: string): void {
    line += 1;
    if (logs.includes(text)) return;
    const [mark, content] = /^(?:---|\.\.\.)(?:\s+([^\s#].*))?(?=\s|$)/.exec(text) ?? [];
    if (mark !== undefined) {
      endDocument();
      if (content !== undefined) addLine(content);
      return;
    }
    const [, indentation] = /^( *)-(?: |$)/.exec(text) ?? [];
    if (indentation !== undefined && (dashes === -1 || dashes === indentation.length)) {
      emit();
      dashes = indentation.length;
      addLine(text.replace('-', ' '));
    } else if (isAfterItems) {
      own?.add(text);
    } else if (dashes !== undefined && /^[^\s#-]/.test(text)) {
      emit();
      isAfterItems = true;
      own?.add(text);
    } else if (dashes === undefined && /^items:\s*(?:\[\]\s*)?$/.test(text)) {
      own = piece ?? createPendingLines(line, limit);
      own.add('items: []');
      piece = undefined;
      dashes = -1;
    } else {
      if (dashes === undefined) noteListType(text);
      addLine(text);
    }
  }

  /** A line that came in pieces. */
  function readPending({ bytes, isTooLarge }: WholeBytes): void {
    readLine(bytes.toString().replace(/\r$/, ''));
    if (isTooLarge) piece?.exceed();
  }

  function noteListType(text: string): void {
    const [, field, value = ''] = /^(kind|apiVersion):\s*["']?([\w./]+)/.exec(text) ?? [];
    if (field === 'kind') list = { ...list, kind: value };
    if (field === 'apiVersion') list = { ...list, apiVersion: value };
  }

  function taken(): RecordBatch {
    const given = batch;
    batch = emptyBatch();
    return given;
  }

  return {
    write(chunk) {
      const first = chunk.indexOf(newline);
      if (first >= 0) readPending(pending.take(chunk.subarray(0, first)));
      const stop = chunk.lastIndexOf(newline) + 1;
      const lines = chunk.toString('utf8', first + 1, stop).split(/\r?\n/);
      for (const text of lines.slice(0, -1)) readLine(text);
      pending.add(chunk.subarray(stop));
      piece?.join();
      own?.join();
      return taken();
    },
    end() {
      const rest = pending.take(Buffer.alloc(0));
      if (rest.bytes.length > 0) readPending(rest);
      endDocument();
      return taken();
    },
  };
}
