import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { metricFamilies } from '../../lib/metrics/families.ts';
import { openMetrics } from '../../lib/metrics/openmetrics.ts';
import type { Restart } from '../../lib/restarts/restart.ts';
import { type PrometheusOptions, type RealService, startPrometheus } from './real-services.ts';

/** A Prometheus into which promtool has backfilled restarts, each at its own time, with the families of the default. */
export async function startBackfilledPrometheus(
  restarts: readonly Restart[],
  options: Omit<PrometheusOptions, 'folder'> = {},
): Promise<RealService> {
  const folder = mkdtempSync(join(tmpdir(), 'backfilled-'));
  const file = join(folder, 'restarts.om');
  const families = metricFamilies.filter(({ byDefault }) => byDefault);
  writeFileSync(
    file,
    [...openMetrics(restarts, families, { job: 'pod_monitor', groupingLabels: [] })].join(''),
  );
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')];
  await promisify(execFile)('promtool', blocks, { maxBuffer: 2 ** 28 });
  const flags = ['--storage.tsdb.retention.time=100y', ...(options.flags ?? [])];
  return await startPrometheus({ ...options, folder, flags });
}
