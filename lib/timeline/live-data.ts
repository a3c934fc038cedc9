import type { TimelineData } from './timeline-data.ts';

/** What the page embeds, and what its server sends when it has changed. */
export interface LiveData {
  readonly timeline: TimelineData;
  /** When the restarts were read, in Unix seconds. */
  readonly readAt: number;
  /** How many earlier ones are left out; absent for none. */
  readonly omitted?: number | undefined;
  /** Why they cannot be read at present; absent where they can. */
  readonly outage?: Outage | undefined;
  /** How the page asks for more; absent in a file. */
  readonly live?: Live | undefined;
}

export interface Outage {
  readonly message: string;
  /** Unix seconds. */
  readonly since: number;
}

export interface Live {
  /** Where {@link LiveData} is, relative to the page. */
  readonly path: string;
  /** How often to ask. */
  readonly seconds: number;
}

/** What the page says about restarts that are left out; empty for none. */
export function omittedText(omitted = 0): string {
  return omitted === 0
    ? ''
    : `The ${omitted.toLocaleString('en-GB')} earliest restarts are left out of this page.`;
}
