import type { Log } from '../lib/observability/log.ts';

/** What a host passes to the function with the event: at least a log that writes one line a call. */
export interface FunctionContext {
  readonly log: Log;
}
