import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from './command.ts';
import { type RealService, startPrometheus } from './real-services.ts';

/** A Prometheus with the restarts of `examples/` at their own times, as `replay --openmetrics` and promtool backfill them. */
export async function startRecordedHistory(): Promise<RealService> {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-history-'));
  const file = join(folder, 'restarts.om');
  const { code, stderr } = await runCommand(['replay', '--quiet', '--openmetrics', file, 'examples']);
  if (code !== 0) throw new Error(stderr);
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')];
  await promisify(execFile)('promtool', blocks);
  return await startPrometheus({ folder, flags: ['--storage.tsdb.retention.time=100y'] });
}
