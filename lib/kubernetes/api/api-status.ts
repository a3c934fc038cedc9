import type { V1Status } from '@kubernetes/client-node';
import { excerptOf } from '../../errors.ts';
import { isObject } from '../../narrow.ts';

/** The message of a `Status` object as text; the start of anything else, on one line. */
export function parseStatus(text: string): string {
  const fallback = excerptOf(text);
  try {
    return statusMessage(JSON.parse(text)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function statusMessage(value: unknown): string | undefined {
  if (!isObject<V1Status>(value) || value.kind !== 'Status') return undefined;
  return typeof value.message === 'string' ? value.message : undefined;
}
