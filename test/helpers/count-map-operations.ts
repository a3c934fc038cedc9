/**
 * How many entries of Maps and Sets `work` looks up, changes or iterates over: a measure of its cost that does not
 * depend on the machine and its load. `work` is synchronous.
 */
export function countMapOperations(work: () => void): number {
  let touched = 0;
  const restore = counted.map(([prototype, method]) => {
    const original: unknown = Reflect.get(prototype, method);
    if (typeof original !== 'function') throw new TypeError(`${method} is no method`);
    Reflect.set(prototype, method, function count(this: unknown, ...parameters: unknown[]): unknown {
      touched += 1;
      return Reflect.apply(original, this, parameters);
    });
    return () => Reflect.set(prototype, method, original);
  });
  try {
    work();
  } finally {
    for (const undo of restore) undo();
  }
  return touched;
}

/** Loops, spreads and iterator helpers all go through the iterator's `next`. */
const counted: readonly (readonly [prototype: object, method: string])[] = [
  [Map.prototype, 'get'],
  [Map.prototype, 'has'],
  [Map.prototype, 'set'],
  [Map.prototype, 'delete'],
  [Set.prototype, 'has'],
  [Set.prototype, 'add'],
  [Set.prototype, 'delete'],
  [Object.getPrototypeOf(new Map().values()), 'next'],
  [Object.getPrototypeOf(new Set().values()), 'next'],
];
