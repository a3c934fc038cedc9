/** The only module that names the client library: its successor has the same API under another name. */
export { collectDefaultMetrics, Registry } from 'prom-client';
