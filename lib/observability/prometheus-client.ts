/** The one place that names the client library: its successor has the same API under another name. */
export { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
