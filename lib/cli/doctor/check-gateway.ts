import type { Config } from '../../config.ts';
import { counted } from '../../counted.ts';
import type { GroupingSettings } from '../../metrics/grouping-key.ts';
import { type GatewayStatus, gatewayStatus } from '../../pushgateway/gateway-status.ts';
import type { Pushgateway } from '../../pushgateway/pushgateway.ts';
import { readStoredGroups } from '../../pushgateway/stored-groups.ts';
import { checkStore } from './check-store.ts';
import { type Finding, failed, right, unknown, wrong } from './finding.ts';

/** Beyond so many records a push with the consistency check takes longer than a twentieth of a second. */
const mostChecked = 3000;

/** Beyond so many records a scrape is tens of megabytes. */
const mostStored = 50_000;

/** What was found of the receiver of the pushes. */
export interface CheckedGateway {
  /** Whether it is a Pushgateway, which a Prometheus has to scrape, as far as it answers. */
  readonly isPushgateway: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Whether the Pushgateway answers, and is set up to store many records persistently.
 *
 * @param readFlags Reads the flags of a VictoriaMetrics, where what answers is no Pushgateway; empty for another server.
 */
export async function checkGateway(
  gateway: Pick<Pushgateway, 'lines'>,
  { grouping, retention }: Pick<Config, 'grouping' | 'retention'>,
  readFlags: () => Promise<ReadonlyMap<string, string>>,
): Promise<CheckedGateway> {
  const subject = 'Pushgateway';
  try {
    const status = await gatewayStatus(gateway);
    if (status === undefined) {
      return { isPushgateway: false, findings: storeFindings(await readFlags(), retention.seconds) };
    }
    return { isPushgateway: true, findings: await pushgatewayFindings(gateway, grouping, status) };
  } catch (failure) {
    return { isPushgateway: true, findings: [failed(subject, failure)] };
  }
}

function storeFindings(flags: ReadonlyMap<string, string>, retentionSeconds: number): readonly Finding[] {
  if (flags.size > 0) return checkStore(flags, retentionSeconds);
  const remedy = 'fine for a cluster of VictoriaMetrics; else check its URL, the path too';
  return [unknown('Pushgateway', 'what answers is not a Pushgateway', remedy)];
}

async function pushgatewayFindings(
  gateway: Pick<Pushgateway, 'lines'>,
  grouping: GroupingSettings,
  { version, flags }: GatewayStatus,
): Promise<readonly Finding[]> {
  const { records } = await readStoredGroups(gateway.lines('/metrics'), grouping, { families: false });
  return [
    right('Pushgateway', `version ${version} answers`),
    consistencyFinding(flags['push.disable-consistency-check'], records.size, version),
    sizeFinding(records.size),
    persistenceFinding(flags['persistence.file'], version),
  ];
}

function consistencyFinding(flag: string | undefined, records: number, version: string): Finding {
  const subject = 'consistency check';
  if (flag === 'true' || version === 'embedded')
    return right(subject, 'is off: a push costs the same at any size');
  const remedy = 'start the Pushgateway with --push.disable-consistency-check';
  const fact = `is on: every push is checked against all that is stored (${counted(records, 'record')})`;
  return records > mostChecked ? wrong(subject, fact, remedy) : unknown(subject, fact, remedy);
}

function sizeFinding(records: number): Finding {
  const subject = 'size';
  if (records <= mostStored)
    return right(subject, `${counted(records, 'record')} ${records === 1 ? 'is' : 'are'} stored`);
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
      ? 'record in a real Pushgateway'
      : 'start the Pushgateway with --persistence.file on a volume',
  );
}
