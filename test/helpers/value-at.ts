/** The value at `path` (`spec.containers.0.name`) of parsed JSON or YAML; `undefined` where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      value,
    );
}

/** The elements of the list at `path`; none where there is no list. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

/** The text at `path`; empty where there is none. */
export function textAt(value: unknown, path: string): string {
  const text = valueAt(value, path);
  return typeof text === 'string' ? text : '';
}

/** The entries of the object at `path` whose values are text; none where there is no object. */
export function textsAt(value: unknown, path: string): Readonly<Record<string, string>> {
  const object = valueAt(value, path);
  if (typeof object !== 'object' || object === null) return {};
  return Object.fromEntries(Object.entries(object).map(([key, text]) => [key, String(text)]));
}
