/**
 * JSON text of a value as no serializer writes it: letters as escapes, space between all tokens, keys twice. Each
 * choice is made in its turn.
 *
 * @param choices Whole numbers from 0 to 5.
 */
export function unusualJson(value: unknown, choices: readonly number[]): string {
  let turn = 0;
  const choice = () => choices[turn++ % choices.length] ?? 0;
  const space = () => ['', ' ', '\n', '\t', '\r\n', ''][choice()] ?? '';
  const literal = (text: string) => `"${[...text].map(letter).join('')}"`;
  const letter = (text: string) =>
    choice() === 0 ? unitEscapes(text, choice() === 0) : JSON.stringify(text).slice(1, -1);
  const write = (part: unknown): string => {
    if (typeof part === 'string') return literal(part);
    if (Array.isArray(part)) return `[${space()}${part.map(write).join(`${space()},${space()}`)}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const members = Object.entries(part).flatMap(([name, of]) => {
      const member = `${literal(name)}${space()}:${space()}${write(of)}`;
      return choice() === 1 ? [`${literal(name)}:null`, member] : [member];
    });
    return `{${space()}${members.join(`${space()},`)}${space()}}`;
  };
  return write(value);
}

function unitEscapes(letter: string, upperCase: boolean): string {
  const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index).toString(16));
  return units.map((unit) => `\\u${(upperCase ? unit.toUpperCase() : unit).padStart(4, '0')}`).join('');
}
