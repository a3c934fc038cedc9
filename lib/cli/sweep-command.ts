import { type Environment, readConfig } from '../config.ts';
import { counted } from '../counted.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { rfc3339 } from '../metrics/families.ts';
import { containerOf, type StoredGroup } from '../pushgateway/stored-groups.ts';
import { recordTime } from '../restarts/retention.ts';
import { flagsOf, type Overrides } from './overrides.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export interface SweepOptions extends Pick<Overrides, 'pushgateway'> {
  readonly dryRun?: boolean;
}

/** The command `restart-ledger sweep`: deletes the records that are past retention; with `dryRun` it lists them. */
export async function sweepCommand(
  { dryRun = false, ...overrides }: SweepOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = readConfig(environment, flagsOf(overrides));
  const { maxPerContainer, maxRecords } = config.retention;
  const ledger = openLedger(config, { nowSeconds: () => Date.now() / 1000 });
  try {
    const { stored, expired, surplus, removed, others } = await ledger.sweep({ dryRun });
    if (dryRun) for (const record of [...expired, ...surplus]) terminal.out(line(record));
    terminal.out(
      [
        `${counted(stored, 'record')} stored: ${expired.length} past retention`,
        `${surplus.length} beyond the newest ${maxPerContainer} of a container or ${maxRecords} of all`,
        dryRun ? 'none deleted (--dry-run)' : `${removed} deleted`,
        ...(others > 0 ? [`${counted(others, 'group')} of the job without the labels of a record kept`] : []),
      ].join(', '),
    );
    return 0;
  } finally {
    await ledger.close();
  }
}

function line(record: StoredGroup): string {
  const { namespace, pod, container } = containerOf(record);
  return `would delete ${namespace}/${pod} ${container} #${record.ordinal} ${rfc3339(Math.floor(recordTime(record)))}`;
}
