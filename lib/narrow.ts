import { LedgerError } from './errors.ts';
import { unixSeconds } from './rfc3339.ts';

/**
 * An untrusted object: it may have any of the fields that `T` declares, each of any type. The
 * declared names are checked by the compiler, the values are checked by the readers below.
 *
 * The readers treat an absent field and `null` alike, as the Kubernetes API does, and throw a
 * `LedgerError` of kind `invalid-input` that names the field by its path.
 */
export type Untrusted<T> = { readonly [K in keyof T]?: unknown };

type FieldOf<T> = keyof T & string;

export function isObject<T>(value: unknown): value is Untrusted<T> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or `undefined` when the field is missing. */
export function objectField<T, Value>(
  source: Untrusted<T>,
  field: FieldOf<T>,
  path: string,
): Untrusted<Value> | undefined {
  const value = source[field] ?? undefined;
  if (value === undefined || isObject<Value>(value)) return value;
  throw notA('an object', value, path, field);
}

/** A list of objects; empty when the field is missing. */
export function objectsField<T, Value>(
  source: Untrusted<T>,
  field: FieldOf<T>,
  path: string,
  most = Number.POSITIVE_INFINITY,
): readonly Untrusted<Value>[] {
  const value = source[field] ?? [];
  if (!Array.isArray(value)) throw notA('a list', value, path, field);
  if (value.length > most) throw notA(`a list of at most ${most} elements`, value, path, field);
  for (let index = 0; index < value.length; index += 1)
    if (!isObject<Value>(value[index])) throw notA('an object', value[index], path, `${field}[${index}]`);
  return value;
}

/** Text; empty when the field is missing. */
export function textField<T>(source: Untrusted<T>, field: FieldOf<T>, path: string): string {
  const value = source[field] ?? '';
  if (typeof value === 'string') return value;
  throw notA('text', value, path, field);
}

/** Text that matches `pattern`, which `form` describes; required. */
export function nameField<T>(source: Untrusted<T>, field: FieldOf<T>, path: string, name: NameForm): string {
  const value = source[field];
  if (typeof value === 'string' && value.length <= name.longest && name.pattern.test(value)) return value;
  throw notA(name.form, value, path, field);
}

export interface NameForm {
  readonly form: string;
  readonly pattern: RegExp;
  readonly longest: number;
}

/** A whole number from -2³¹ to 2³¹-1; required unless `absent` gives a default. */
export function int32Field<T>(
  source: Untrusted<T>,
  field: FieldOf<T>,
  path: string,
  { least = -(2 ** 31), absent }: { readonly least?: number; readonly absent?: number } = {},
): number {
  const value = source[field] ?? absent;
  if (isInt32(value) && value >= least) return value;
  throw notA(least === 0 ? 'a count (a whole number from 0 to 2147483647)' : 'an int32', value, path, field);
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

/** A list of whole numbers from -2³¹ to 2³¹-1; empty when the field is missing. */
export function int32sField<T>(source: Untrusted<T>, field: FieldOf<T>, path: string): readonly number[] {
  const value = source[field] ?? [];
  if (!Array.isArray(value)) throw notA('a list', value, path, field);
  return value.map((element: unknown, index) => {
    if (isInt32(element)) return element;
    throw notA('an int32', element, path, `${field}[${index}]`);
  });
}

/** A time in Unix seconds; `undefined` when the field is missing or is one of the forms of "unknown". */
export function timeField<T>(source: Untrusted<T>, field: FieldOf<T>, path: string): number | undefined {
  const text = textField(source, field, path);
  const seconds = unixSeconds(text);
  if (Number.isNaN(seconds)) throw notA('an RFC 3339 time such as 2026-11-20T10:00:00Z', text, path, field);
  return seconds;
}

function notA(expected: string, value: unknown, path: string, field: string): LedgerError {
  return new LedgerError('invalid-input', {
    operation: 'reading',
    subject: path === '' ? field : `${path}.${field}`,
    fact: `${excerpt(value)} is not ${expected}`,
    remedy: 'send the object as the Kubernetes API server writes it',
  });
}

/** A value as a message may show it: short, and never the inside of an object, which may contain secrets. */
function excerpt(value: unknown): string {
  if (value === undefined) return 'a missing value';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
