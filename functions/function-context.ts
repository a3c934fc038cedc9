import type { Log } from '../lib/observability/log.ts';

/** What a host hands to the function beside the event: at least a log that writes one line a call. */
export interface FunctionContext {
  readonly log: Log;
}
