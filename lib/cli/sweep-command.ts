import { type Environment, readConfig, withoutCluster } from '../config.ts';
import { sweepRecords } from '../ledger/sweep-records.ts';
import { rfc3339 } from '../metrics/families.ts';
import { prometheusScrapes } from '../prometheus/prometheus-scrapes.ts';
import { createPushgateway } from '../pushgateway/pushgateway.ts';
import { containerOf, type StoredGroup } from '../pushgateway/stored-groups.ts';
import { recordTime } from '../restarts/retention.ts';
import { requireGateway } from './require-gateway.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export interface SweepOptions {
  readonly pushgateway?: string;
  readonly dryRun?: boolean;
}

/** The command `restart-ledger sweep`: deletes the records that are past retention; with `dryRun` it lists them. */
export async function sweepCommand(
  { pushgateway, dryRun = false }: SweepOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const given = pushgateway === undefined ? {} : { PUSHGATEWAY_URL: pushgateway };
  const config = readConfig({ ...withoutCluster(environment), ...given });
  const { grouping, retention } = config;
  const { timeoutMilliseconds, connections } = config.pushgateway;
  const gateway = createPushgateway({ url: requireGateway(config), timeoutMilliseconds, connections });
  try {
    const { held, expired, surplus, removed, others } = await sweepRecords({
      gateway,
      grouping,
      retention,
      scrapeState: prometheusScrapes(config),
      now: () => Date.now() / 1000,
      dryRun,
    });
    if (dryRun) for (const record of [...expired, ...surplus]) terminal.out(line(record));
    terminal.out(
      [
        `${held} records held: ${expired.length} past retention`,
        `${surplus.length} beyond the newest ${retention.maxPerContainer} of a container`,
        dryRun ? 'none deleted (--dry-run)' : `${removed} deleted`,
        ...(others > 0 ? [`${others} groups of the job that are no records of these labels kept`] : []),
      ].join(', '),
    );
    return 0;
  } finally {
    await gateway.close();
  }
}

function line(record: StoredGroup): string {
  const { namespace, pod, container } = containerOf(record);
  return `would delete ${namespace}/${pod} ${container} #${record.ordinal} ${rfc3339(Math.floor(recordTime(record)))}`;
}
