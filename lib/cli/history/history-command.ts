import { setFlagsFromString } from 'node:v8';
import { type Environment, readConfig } from '../../config.ts';
import type { TimeRange } from '../../ledger/history/history-source.ts';
import { type OpenHistorySource, openHistorySource } from '../../ledger/history/open-history-source.ts';
import { type Clock, createSelection, readTimeRange } from '../../ledger/replay/selection.ts';
import { localZone } from '../../local-zone.ts';
import { optionError } from '../../option-error.ts';
import type { ComparedTimes } from '../../restarts/compare-restarts.ts';
import type { CountedBy } from '../../restarts/count-restarts.ts';
import { createRestartFilter, type RestartNames } from '../../restarts/restart-filter.ts';
import { clusterAccess, type KubectlOptions } from '../kubectl-options.ts';
import type { HistoryForm } from '../output/form-names.ts';
import { createPartProgress } from '../output/progress.ts';
import { screenOf } from '../output/screen.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import { createRefusalReport } from '../replay/refusals.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { showComparison } from './show-comparison.ts';
import { showCounts } from './show-counts.ts';
import { showHistory } from './show-history.ts';

export interface HistoryOptions
  extends Pick<Overrides, 'prometheus' | 'pushgateway'>,
    KubectlOptions,
    Omit<RestartNames, 'namespace'> {
  readonly since?: string;
  readonly until?: string;
  readonly output?: HistoryForm;
  readonly all?: boolean;
  readonly by?: CountedBy;
  readonly top?: string;
  readonly compare?: string;
  readonly quiet?: boolean;
}

/**
 * The command `restart-ledger history`: shows the restarts that a Prometheus, a Pushgateway or files have, or those that
 * the Pods of a cluster still show.
 *
 * @throws LedgerError `usage` for options that do not go together; those of the source that is read.
 */
export async function historyCommand(
  files: readonly string[],
  options: HistoryOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  // What is read is garbage soon: a young generation that grows with it would take a third of the memory.
  setFlagsFromString('--semi-space-growth-factor=1');
  const nowSeconds = Date.now() / 1000;
  const clock = { nowSeconds, zone: localZone };
  const access = clusterAccess(options, environment);
  const config = readConfig(access.environment, [...flagsOf(options), ...access.flags]);
  const { allNamespaces = false, selector, ...others } = options;
  const { namespace, ...names } = { ...others, namespace: allNamespaces ? undefined : others.namespace };
  const ofNamespaces = namespace === undefined ? {} : { namespace };
  const { selectsPod } = createSelection(
    { ...ofNamespaces, ...(selector !== undefined && { selector }) },
    clock,
  );
  const filter = createRestartFilter({ ...names, ...ofNamespaces });
  const range = readTimeRange(options, clock);
  const times = options.compare === undefined ? undefined : comparedTimes(options.compare, range, clock);
  const top = options.top === undefined ? undefined : readTop(options.top);
  refuseContradictions(options);

  const report = createRefusalReport(terminal.err);
  let refused = 0;
  const progress = createPartProgress(process.stderr, { quiet: options.quiet ?? false });
  const asked = {
    prometheus: options.prometheus !== undefined,
    pushgateway: options.pushgateway !== undefined,
    cluster: options.context !== undefined || options.kubeconfig !== undefined,
    files,
  };
  const source = await openHistorySource(config, asked, {
    nowSeconds: () => nowSeconds,
    selectsPod,
    onRefused(refusal) {
      refused += 1;
      report.add(refusal);
    },
    onProgress: progress.show,
    loadKubeConfig: access.loadKubeConfig,
  });
  try {
    if (selector !== undefined) refuseSelector(source);
    const restarts = (await source.read(times ?? range)).filter(filter);
    progress.end();
    report.end();
    const { by, all, output } = options;
    const shown = {
      source,
      range: times ?? range,
      nowSeconds,
      zone: localZone,
      screen: screenOf(process.stdout),
    };
    if (output === 'html' || (times ?? by ?? top) === undefined) {
      await showHistory(restarts, { ...shown, output, all }, terminal);
    } else if (times !== undefined) await showComparison(restarts, times, { ...shown, output }, terminal);
    else await showCounts(restarts, { ...shown, output, by, top }, terminal);
    if (source.kind === 'cluster' && !options.quiet) terminal.err(onlyNewest);
  } finally {
    progress.end();
    await source.close();
  }
  return refused === 0 ? 0 : 1;
}

const onlyNewest =
  'only the newest restart of each container, since the cluster keeps no others; all that are recorded: --prometheus URL or --pushgateway URL';

/** How far a comparison looks back at least, in seconds. */
const comparedBefore = 7 * 86_400;

/** The periods before and after the time of `--compare`: as long as `--since` and `--until` say. */
function comparedTimes(
  text: string,
  { since, until = Number.POSITIVE_INFINITY }: TimeRange,
  clock: Clock,
): ComparedTimes {
  const { since: at } = readTimeRange({ since: text }, clock, '--compare');
  if (at === undefined) throw optionError('--compare', 'it is empty', 'give a time');
  const end = Math.min(until, clock.nowSeconds);
  const start = since ?? at - Math.max(comparedBefore, end - at);
  if (start < at && at < end) return { since: start, at, until: end };
  throw optionError('--compare', 'it is not between --since and --until or now', 'give a time between them');
}

function readTop(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw optionError('--top', `${JSON.stringify(text)} is not a number of lines`, 'give one such as 10');
}

function refuseContradictions({ compare, by, top, all, output }: HistoryOptions): void {
  if (compare !== undefined && (by !== undefined || top !== undefined)) {
    throw optionError(
      '--compare',
      'it counts by workload and reason, and --by or --top is given',
      'choose one',
    );
  }
  if (output === 'html' && (compare ?? by ?? top) !== undefined) {
    throw optionError('--output', 'a timeline has no counts, and these are asked for', 'choose another form');
  }
  if (all && (compare ?? by ?? top) !== undefined) {
    throw optionError('--all', 'it unfolds the restarts, and these are counted here', 'leave it out');
  }
}

/** The labels of Pods are in files and in the cluster; the record does not have them. */
function refuseSelector({ kind, description }: Pick<OpenHistorySource, 'kind' | 'description'>): void {
  if (kind === 'files' || kind === 'cluster') return;
  const fact = `${description} does not have the labels of Pods`;
  throw optionError('--selector', fact, 'use --workload, --pod or -n, or read files or the cluster');
}
