import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { createDurations } from '../../lib/observability/own-metrics.ts';

const about = { name: 'a_duration_seconds', help: 'A duration.' };
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

test('durations are exposed as the client library for Prometheus exposes them', async () => {
  const seconds = fc.oneof(fc.constantFrom(0, 11, ...buckets), fc.double({ min: 0, max: 12, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(seconds), async (observed) => {
      const registry = new Registry();
      const histogram = new Histogram({ ...about, buckets, registers: [registry] });
      const durations = createDurations(about);
      for (const each of observed) {
        histogram.observe(each);
        durations.observe(each);
      }
      assert.equal(durations.lines(), await registry.metrics());
    }),
  );
});
