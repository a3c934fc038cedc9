import { needles } from '../kubernetes/prefilter.ts';
import type { Found, ListType, RawRecord, RecordReader } from './raw-record.ts';

/** A Pod by itself or as an item, or in a watch event; not in an object that refers to one. */
function tellsPod(text: string): boolean {
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
 * Reads YAML documents: `kubectl get -o yaml`. The items of a Kubernetes list are records of their own, told by the
 * dashes at the indentation of the first one, so that memory does not grow with the file.
 *
 * A record is skipped when it shows no restart for lack of the key `terminated`: it has neither these bytes, nor an
 * escape (which needs a backslash), nor an alias (which needs an asterisk) that could stand for it.
 */
export function createYamlReader(): RecordReader {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  let piece: { readonly line: number; readonly lines: string[] } | undefined;
  let list: ListType = { kind: '', apiVersion: '' };
  /** The indentation of the dashes of `items`; -1 before the first one, `undefined` where there are none. */
  let dashes: number | undefined;
  /** Behind the items: nothing that comes is a record. */
  let behindItems = false;
  let records: RawRecord[] = [];
  let skipped = { pods: 0, others: 0 };

  function emit(): void {
    const text = piece?.lines.join('\n') ?? '';
    if (piece !== undefined && /^\s*[^\s#]/m.test(text)) {
      const bytes = Buffer.from(text);
      const item = dashes === undefined ? undefined : list;
      if (bytes.includes(needles.termination) || /base64|[\\*]/.test(text)) {
        records.push({ line: piece.line, bytes, format: 'yaml', list: item });
      } else if (item?.kind === 'PodList' || tellsPod(text)) skipped.pods += 1;
      else skipped.others += 1;
    }
    piece = undefined;
  }

  function endDocument(): void {
    emit();
    dashes = undefined;
    behindItems = false;
    list = { kind: '', apiVersion: '' };
  }

  function readLine(text: string): void {
    line += 1;
    const [mark, content] = /^(?:---|\.\.\.)(?:\s+([^\s#].*))?(?=\s|$)/.exec(text) ?? [];
    if (mark !== undefined) {
      endDocument();
      if (content !== undefined) piece = { line, lines: [content] };
      return;
    }
    const [, indentation] = /^( *)-(?: |$)/.exec(text) ?? [];
    if (indentation !== undefined && (dashes === -1 || dashes === indentation.length)) {
      emit();
      dashes = indentation.length;
      piece = { line, lines: [text.replace('-', ' ')] };
    } else if (dashes !== undefined && /^[^\s#-]/.test(text)) {
      emit();
      behindItems = true;
    } else if (dashes === undefined && /^items:\s*(?:\[\]\s*)?$/.test(text)) {
      piece = undefined;
      dashes = -1;
    } else if (!behindItems) {
      if (dashes === undefined) noteListType(text);
      piece ??= { line, lines: [] };
      piece.lines.push(text);
    }
  }

  function noteListType(text: string): void {
    const [, field, value = ''] = /^(kind|apiVersion):\s*["']?([\w./]+)/.exec(text) ?? [];
    if (field === 'kind') list = { ...list, kind: value };
    if (field === 'apiVersion') list = { ...list, apiVersion: value };
  }

  function take(): Found {
    const found = { records, skipped };
    records = [];
    skipped = { pods: 0, others: 0 };
    return found;
  }

  return {
    write(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      for (const text of bytes.toString('utf8', 0, end).split(/\r?\n/).slice(0, -1)) readLine(text);
      rest = bytes.subarray(end);
      return take();
    },
    end() {
      if (rest.length > 0) readLine(rest.toString('utf8'));
      endDocument();
      return take();
    },
  };
}
