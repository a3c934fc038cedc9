export type { EventContext as FunctionContext } from '../lib/http/handle-batch.ts';
