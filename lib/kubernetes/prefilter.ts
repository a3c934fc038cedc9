/**
 * The byte prefilter: a JSON text that shows a termination holds the key `terminated`.
 *
 * A key is written either with these very bytes or with an escape in it, and of the escapes that JSON has only `\u`
 * can stand for a letter (https://www.rfc-editor.org/rfc/rfc8259#section-7). A CloudEvent may carry its data encoded,
 * under the key `data_base64`, which is found in the same way. So a text with none of them can be rejected before it is
 * decoded.
 *
 * A search runs as fast as its first byte is rare. That is why only parts of the words are searched for: they stand
 * wherever the whole words do.
 */
export const needles = {
  termination: Buffer.from('minated'),
  escaped: Buffer.from('\\u'),
  encoded: Buffer.from('_base64'),
} as const;

/** Whether a JSON text can hold an object with the key `terminated`; see {@link needles}. */
export function mayHoldTermination(json: Buffer): boolean {
  return (
    json.includes(needles.termination) || json.includes(needles.escaped) || json.includes(needles.encoded)
  );
}

const podEnd = Buffer.from('Pod"');
/** Longer than what an object that refers to a Pod says before its kind. */
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
