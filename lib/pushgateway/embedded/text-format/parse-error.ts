/** Why a text is not in the text format; the message is the one that the Pushgateway answers with. */
export class TextFormatError extends Error {
  override readonly name = 'TextFormatError';

  constructor(line: number, fact: string) {
    super(`text format parsing error in line ${line}: ${fact}`);
  }
}

/** Text in quotes as Go's `%q` writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
