/**
 * The lines that each piece of a text completes, without their ends; the last one of all may lack its end. A piece at a
 * time, since an await for each line would cost more than the line.
 */
export async function* linesOf(
  pieces: AsyncIterable<unknown>,
): AsyncGenerator<readonly string[], void, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = `${rest}${String(piece)}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}
