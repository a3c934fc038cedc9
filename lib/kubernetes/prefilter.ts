/**
 * The prefilter: texts that cannot show a termination are recognised without being parsed.
 *
 * It is sound, because a text that shows a termination has an object with the key `terminated`:
 *
 * - In JSON a key is written with exactly these letters or with an escape, and of the escapes of JSON only `\u` can stand
 *   for a letter (https://www.rfc-editor.org/rfc/rfc8259#section-7). Space and the order of keys change nothing inside a
 *   key, and which one of two equal keys counts is left to the parser.
 * - In YAML an escape is a backslash and whatever it escapes, a line break too, and an alias (`*`) can stand for a key that
 *   is written elsewhere (https://yaml.org/spec/1.2.2/#71-alias-nodes, https://yaml.org/spec/1.2.2/#57-escaped-characters).
 * - A CloudEvent may carry its data in Base64, as the value of the key `data_base64`, to which all of this applies too.
 *
 * A text without any of these can be rejected. One with any of them may still show nothing: it is parsed.
 *
 * A search runs as fast as its first byte is rare. That is why only parts of the words are searched for: they
 * occur wherever the whole words do. The bytes are UTF-8; the parser rejects any other encoding.
 */
const marks = ['minated', '_base64', '\\u'] as const;
const markBytes = marks.map((mark) => Buffer.from(mark));

/** Of an object of the API itself: only an event can carry encoded data. */
export const objectMarks: readonly Buffer[] = markBytes.filter((mark) => !mark.includes('_base64'));

/** Whether a JSON text can contain an object with the key `terminated`. */
export function mayShowTermination(json: Buffer | string): boolean {
  if (typeof json === 'string') return marks.some((mark) => json.includes(mark));
  return markBytes.some((mark) => json.includes(mark));
}

/** The same for YAML, in which JSON is valid too. */
export function yamlMayShowTermination(yaml: string): boolean {
  return yaml.includes('minated') || yaml.includes('_base64') || yaml.includes('\\') || yaml.includes('*');
}

/**
 * {@link mayShowTermination} for the pieces of a buffer, which must be given in their order: there is one search
 * for each occurrence of a mark in the whole buffer, however many pieces there are.
 */
export function createTerminationSearch(
  bytes: Buffer,
  searched: readonly Buffer[] = markBytes,
): (start: number, stop: number) => boolean {
  const searches = searched.map((mark) => createSearch(bytes, mark));
  return (start, stop) => searches.some((nextFrom) => nextFrom(start) < stop);
}

/** The next position of the mark from a position on. */
function createSearch(bytes: Buffer, mark: Buffer): (from: number) => number {
  let at = -1;
  return (from) => {
    if (at < from) {
      const index = bytes.indexOf(mark, from);
      at = index < 0 ? Number.POSITIVE_INFINITY : index;
    }
    return at;
  };
}

const restartCount = Buffer.from('"restartCount"');

/** Whether the JSON text of a Pod can show a termination or a restart count other than 0. */
export function mayHaveRestarted(json: Buffer): boolean {
  if (mayShowTermination(json)) return true;
  for (let at = json.indexOf(restartCount); at >= 0; at = json.indexOf(restartCount, at + 1)) {
    const value = json.toString('latin1', at + restartCount.length, at + restartCount.length + 16);
    if (!/^\s*:\s*0\b/.test(value)) return true;
  }
  return false;
}

const podEnd = Buffer.from('Pod"');
/** Longer than what an object that refers to a Pod has before its kind. */
const lookBack = 200;
/** Longer than any bookmark of a watch, and shorter than any Pod with a status. */
const longestBookmark = 512;

/** Whether a JSON text that the prefilter rejects is a Pod, and not an object that refers to one. */
export function isPod(json: Buffer): boolean {
  for (let at = json.indexOf(podEnd); at >= 0; at = json.indexOf(podEnd, at + 1)) {
    const before = json.toString('latin1', Math.max(0, at - lookBack), at);
    const isKind = before.endsWith('"kind":"') || before.endsWith('"kind": "');
    if (isKind && !/"(?:involvedObject|regarding|related|targetRef)"/.test(before)) {
      return json.length > longestBookmark || !json.includes('"BOOKMARK"');
    }
  }
  return false;
}
