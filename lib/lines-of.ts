/** The lines of a text that comes in pieces, without their ends; the last one may lack its end. */
export async function* linesOf(pieces: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = `${rest}${String(piece)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
