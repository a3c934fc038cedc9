import type { GroupingSettings } from '../../metrics/grouping-key.ts';
import { gatewayStatus } from '../../pushgateway/gateway-status.ts';
import type { Pushgateway } from '../../pushgateway/pushgateway.ts';
import { readStoredGroups } from '../../pushgateway/stored-groups.ts';
import { type Finding, failed, right, unknown, wrong } from './finding.ts';

/** Beyond so many records a push with the consistency check takes longer than a twentieth of a second. */
const mostChecked = 3000;

/** Beyond so many records a scrape is tens of megabytes. */
const mostStored = 50_000;

/** Whether the Pushgateway answers, and is set up to store many records persistently. */
export async function checkGateway(
  gateway: Pick<Pushgateway, 'lines'>,
  grouping: GroupingSettings,
): Promise<readonly Finding[]> {
  const subject = 'Pushgateway';
  try {
    const status = await gatewayStatus(gateway);
    if (status === undefined) {
      const remedy = 'fine for VictoriaMetrics; else check PUSHGATEWAY_URL, the path too';
      return [unknown(subject, 'what answers is not a Pushgateway', remedy)];
    }
    const { version, flags } = status;
    const { records } = await readStoredGroups(gateway.lines('/metrics'), grouping, { families: false });
    return [
      right(subject, `version ${version} answers`),
      consistencyFinding(flags['push.disable-consistency-check'], records.size, version),
      sizeFinding(records.size),
      persistenceFinding(flags['persistence.file'], version),
    ];
  } catch (failure) {
    return [failed(subject, failure)];
  }
}

function consistencyFinding(flag: string | undefined, records: number, version: string): Finding {
  const subject = 'consistency check';
  if (flag === 'true' || version === 'embedded')
    return right(subject, 'is off: a push costs the same at any size');
  const remedy = 'start the Pushgateway with --push.disable-consistency-check';
  const fact = `is on: every push is checked against all that is stored (${records} records)`;
  return records > mostChecked ? wrong(subject, fact, remedy) : unknown(subject, fact, remedy);
}

function sizeFinding(records: number): Finding {
  const subject = 'size';
  if (records <= mostStored) return right(subject, `${records} records are stored`);
  const remedy = 'sweep more often, lower RETENTION, or move to VictoriaMetrics';
  return wrong(subject, `${records} records are stored, and each scrape reads them all`, remedy);
}

function persistenceFinding(file: string | undefined, version: string): Finding {
  const subject = 'persistence';
  if (file !== undefined && file !== '') return right(subject, `records outlive a restart, in ${file}`);
  const fact = 'records are lost when the Pushgateway restarts, until the next reconcile';
  return wrong(
    subject,
    fact,
    version === 'embedded'
      ? 'set PUSHGATEWAY_URL to a real Pushgateway'
      : 'start the Pushgateway with --persistence.file on a volume',
  );
}
