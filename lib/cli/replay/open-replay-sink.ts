import { httpUrl } from '../../config/setting-forms.ts';
import { type Config, type Environment, readConfig } from '../../config.ts';
import type { Sink } from '../../ledger/sinks/sink.ts';
import { optionError } from '../../option-error.ts';
import type { ShownForm } from '../output/form-names.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import type { Terminal } from '../terminal.ts';

/** The options that say where restarts go. */
export interface ReplaySinkOptions extends Pick<Overrides, 'pushgateway' | 'to'> {
  readonly openmetrics?: string;
  readonly import?: string;
  readonly dryRun?: boolean;
  readonly output?: ShownForm;
}

/** A replay's sink. */
export interface ReplaySink extends Sink {
  /** Older restarts are not taken to the sink; `Infinity` where any age is. */
  readonly retentionSeconds: number;
}

/**
 * The sink that the options choose; at most one of them may. Without one, and without a configured Pushgateway, the
 * restarts are shown. Each kind is loaded only where it is used.
 *
 * @throws LedgerError `usage` or `configuration` when the one that is chosen cannot be used.
 */
export async function openReplaySink(
  options: ReplaySinkOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ReplaySink> {
  const { dryRun, to, openmetrics, pushgateway, output } = options;
  const chosen = [dryRun, to, openmetrics, pushgateway, options.import].filter(
    (option) => option !== undefined,
  );
  if (chosen.length > 1) {
    const names = '--dry-run, --to, --openmetrics, --import, --pushgateway';
    throw optionError(names, 'more than one is given', 'choose one');
  }
  const anyAge = { retentionSeconds: Number.POSITIVE_INFINITY };
  const show = async () => {
    const { createShowSink } = await import('./show-sink.ts');
    return { ...createShowSink(output ?? 'table', terminal), ...anyAge };
  };
  if (dryRun) return await show();
  // A sink is what --to names, never what a SinkBinding has put into the environment.
  const config = readConfig({ ...environment, K_SINK: undefined }, flagsOf({ ...options }));
  const receivers = [config.sink.url, openmetrics, options.import, config.pushgateway.url];
  const isRecorded = receivers.some((receiver) => receiver !== undefined);
  if (!isRecorded) {
    terminal.err(howToRecord);
    return await show();
  }
  if (output !== undefined) {
    const fact = 'it is the output form of --dry-run, and --dry-run is not given';
    throw optionError('--output', fact, 'add --dry-run, or leave --output out');
  }
  if (config.sink.url !== undefined) {
    const { createEventSink } = await import('../../ledger/sinks/event-sink.ts');
    return { ...createEventSink(config.sink.url, config, 'urn:restart-ledger:replay'), ...anyAge };
  }
  if (openmetrics !== undefined) {
    const { createOpenMetricsSink } = await import('../../ledger/sinks/openmetrics-sink.ts');
    return { ...createOpenMetricsSink(openmetrics, config, terminal.err), ...anyAge };
  }
  if (options.import !== undefined) {
    return { ...(await openImportSink(options.import, config, terminal)), ...anyAge };
  }
  return await openPushgatewaySink(config);
}

async function openImportSink(text: string, config: Config, terminal: Terminal): Promise<Sink> {
  const url = httpUrl(text);
  if (url === undefined) {
    const remedy = 'give the base URL of a VictoriaMetrics, as http://victoria-metrics:8428';
    throw optionError('--import', 'it is not an http or https URL without a query', remedy);
  }
  const { createSampleImport } = await import('../../prometheus/sample-import.ts');
  const { createImportSink } = await import('../../ledger/sinks/import-sink.ts');
  const { timeoutMilliseconds } = config.pushgateway;
  const samples = createSampleImport({ url, timeoutMilliseconds });
  const nowSeconds = () => Date.now() / 1000;
  return await createImportSink(config, { samples, nowSeconds, warn: terminal.err });
}

const howToRecord =
  'shown, and not recorded: --pushgateway URL records them, --to URL sends them to a function, --openmetrics FILE writes them for Prometheus, --import URL imports them into a VictoriaMetrics';

async function openPushgatewaySink(config: Config): Promise<ReplaySink> {
  const { openLedger } = await import('../../ledger/open-ledger.ts');
  const { createPushgatewaySink } = await import('../../ledger/sinks/pushgateway-sink.ts');
  const ledger = openLedger(config, { nowSeconds: () => Date.now() / 1000 });
  return { ...createPushgatewaySink(ledger), retentionSeconds: config.retention.seconds };
}
