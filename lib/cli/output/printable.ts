/**
 * Characters that a terminal may act on, or that change how other text is shown: C0 and C1 controls and DEL, the marks
 * of the bidirectional algorithm, and the separators of lines and paragraphs.
 *
 * Sources: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters and
 * https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
 */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** Text of a Pod, a file or a server as one line that is safe on a terminal: `\n` and `\u{1b}` for what it cannot show. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\u{${character.charCodeAt(0).toString(16)}}`;
}
