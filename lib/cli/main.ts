import { Command, CommanderError, Option } from 'commander';
import { processEnvironment } from '../config.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { version } from '../manifest.ts';
import { countedBy } from '../restarts/count-restarts.ts';
import type { DoctorOptions } from './doctor/doctor-command.ts';
import type { HistoryOptions } from './history/history-command.ts';
import { invokedAs } from './invoked-as.ts';
import { drained } from './output/drained.ts';
import { historyForms, shownForms } from './output/form-names.ts';
import { printable } from './output/printable.ts';
import type { PageOptions } from './page/page-command.ts';
import type { ReconcileOptions } from './reconcile-command.ts';
import type { ReplayOptions } from './replay/replay-command.ts';
import type { SweepOptions } from './sweep-command.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import type { WatchOptions } from './watch/watch-command.ts';

const terminal: Terminal = {
  out: (lines) => process.stdout.write(`${lines}\n`),
  drained: () => drained(process.stdout),
  err: (line) => process.stderr.write(`${printable(line)}\n`),
};

/** The reader of the output may stop early, as `head` does: recording goes on. */
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

const { name, isPlugin } = invokedAs(process.argv[1] ?? '');

function program(end: (code: ExitCode) => void): Command {
  const command = new Command(name)
    .description('Every container restart in a Kubernetes cluster, on the record.')
    .version(version)
    .exitOverride();
  // As a plugin of kubectl it is the default, so that `kubectl restarts -n shop` shows them.
  fromCluster(command.command('history', { isDefault: isPlugin }))
    .description(
      'show the restarts that are recorded in a Prometheus or a Pushgateway, those that files show, or what a cluster still shows of them',
    )
    .argument('[file...]', 'files, directories, patterns, or - for standard input, as for replay')
    .option('--prometheus <url>', 'read a Prometheus, or a server with its API (default: PROMETHEUS_URL)')
    .option('--pushgateway <url>', 'read a Pushgateway (default: PUSHGATEWAY_URL)')
    .addOption(sinceOption('; of a Prometheus the last 30 days by default'))
    .addOption(untilOption())
    .option('--workload <names>', 'only of these workloads: checkout, deployment/checkout, check*', addNames)
    .option('--pod <names>', 'only of these Pods', addNames)
    .option('--container <names>', 'only of these containers', addNames)
    .option('--reason <reasons>', 'only with these reasons: OOMKilled,Error', addNames)
    .option('--all', 'every restart by itself; else a crash loop is one line')
    .addOption(new Option('--by <what>', 'count them').choices(countedBy))
    .option('--top <count>', 'so many of the largest counts (of workloads, without --by)')
    .option('--compare <time>', 'count them before and after then: did a change help')
    .addOption(new Option('-o, --output <form>', 'how they are shown').choices(historyForms))
    .option('-q, --quiet', 'show no progress')
    .action(async (files: string[], options: HistoryOptions) => {
      const { historyCommand } = await import('./history/history-command.ts');
      end(await historyCommand(files, options, processEnvironment(), terminal));
    });
  command
    .command('replay')
    .description(
      'take the restarts that files show to a Pushgateway, a function, a Prometheus, a VictoriaMetrics, or the screen; the files may contain Pods, lists, watch lines, CloudEvents or audit logs, as JSON or YAML, compressed or not',
    )
    .argument('<file...>', 'files, directories, patterns, or - for standard input')
    .option('--pushgateway <url>', 'record them there (default: PUSHGATEWAY_URL)')
    .option('--to <url>', 'send the Pods that show them to a function or broker, as CloudEvents')
    .option(
      '--openmetrics <file>',
      'write them with their times for promtool tsdb create-blocks-from openmetrics',
    )
    .option('--import <url>', 'import them with their times into a live VictoriaMetrics')
    .option('--dry-run', 'show them')
    .addOption(new Option('-o, --output <form>', 'how they are shown').choices(shownForms))
    .option('-n, --namespace <names>', 'only Pods of these namespaces: a,b, or given repeatedly', addNames)
    .option('-l, --selector <selector>', 'only Pods with these labels, as for kubectl')
    .addOption(sinceOption())
    .addOption(untilOption())
    .option('--rejects <file>', 'write the records there that are refused')
    .option('--strict', 'stop at the first record that is refused')
    .option('--retry-for <time>', 'how long to retry while the receiver is unavailable', '2m')
    .option('-q, --quiet', 'show no progress')
    .action(async (files: string[], options: ReplayOptions) => {
      const { replayCommand } = await import('./replay/replay-command.ts');
      end(await replayCommand(files, options, processEnvironment(), terminal));
    });
  fromCluster(command.command('watch'))
    .description(
      'follow the Pods of a cluster, and record each restart, or send it to a function or broker, as it happens',
    )
    .option('--sink <url>', 'send CloudEvents there (default: K_SINK)')
    .option('--pushgateway <url>', 'record there (default: PUSHGATEWAY_URL, else an embedded gateway)')
    .action(async (options: WatchOptions) => {
      const { watchCommand } = await import('./watch/watch-command.ts');
      end(await watchCommand(options, processEnvironment(), terminal));
    });
  command
    .command('page')
    .description('serve a timeline of the recorded restarts that stays up to date, read-only')
    .option('--prometheus <url>', 'show what it has (default: PROMETHEUS_URL)')
    .option('--pushgateway <url>', 'show what it stores (default: PUSHGATEWAY_URL)')
    .option('--days <count>', 'how many days of a Prometheus', '7')
    .option('--host <address>', 'the address to listen on (default: HOST, else 127.0.0.1)')
    .option('--port <number>', 'the port to listen on (default: PORT, else 8081)')
    .action(async (options: PageOptions) => {
      const { pageCommand } = await import('./page/page-command.ts');
      end(await pageCommand(options, processEnvironment(), terminal));
    });
  fromCluster(command.command('reconcile'))
    .description('list all Pods of a cluster, and record the restarts that the Pushgateway lacks')
    .addOption(pushgatewayOption())
    .action(async (options: ReconcileOptions) => {
      const { reconcileCommand } = await import('./reconcile-command.ts');
      end(await reconcileCommand(options, processEnvironment(), terminal));
    });
  command
    .command('sweep')
    .description('delete the records that are past retention from the Pushgateway')
    .addOption(pushgatewayOption())
    .option('--dry-run', 'list what would go, and delete nothing')
    .action(async (options: SweepOptions) => {
      const { sweepCommand } = await import('./sweep-command.ts');
      end(await sweepCommand(options, processEnvironment(), terminal));
    });
  fromCluster(command.command('doctor'))
    .description('check a set-up: the Pushgateway, Prometheus, the API server, the sink')
    .addOption(pushgatewayOption())
    .option('--prometheus <url>', 'the Prometheus that scrapes it (default: PROMETHEUS_URL)')
    .option('--sink <url>', 'where a watch sends its events (default: K_SINK)')
    .addOption(
      new Option('--for <command>', 'whose permissions to check').choices(['watch', 'reconcile', 'function']),
    )
    .action(async (options: DoctorOptions) => {
      const { doctorCommand } = await import('./doctor/doctor-command.ts');
      end(await doctorCommand(options, processEnvironment(), terminal));
    });
  command
    .command('dead-letters')
    .description('keep the events that a broker gave up on in a file that replay reads')
    .argument('<file>', 'where they go, one event a line')
    .action(async (file: string) => {
      const { deadLettersCommand } = await import('./dead-letters/dead-letters-command.ts');
      end(await deadLettersCommand(file, processEnvironment()));
    });
  command
    .command('demo')
    .description('serve the function and an embedded gateway, send sample events, show the history')
    .option('--stay', 'keep serving until Ctrl-C')
    .action(async ({ stay = false }: { stay?: boolean }) => {
      const { demoCommand } = await import('./demo/demo-command.ts');
      end(await demoCommand({ stay }, terminal));
    });
  return command;
}

/** Adds the options by which kubectl names a cluster and the Pods of it. */
function fromCluster(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig (default: where kubectl finds it)')
    .option('--context <name>', 'the context of the kubeconfig (default: the current one)')
    .option(
      '-n, --namespace <names>',
      'only these namespaces: a,b, or given repeatedly (default: NAMESPACES, else all)',
      addNames,
    )
    .option('-A, --all-namespaces', 'all namespaces')
    .option(
      '-l, --selector <selector>',
      'only Pods with these labels, as for kubectl (default: POD_SELECTOR)',
    );
}

function pushgatewayOption(): Option {
  return new Option('--pushgateway <url>', 'the Pushgateway (default: PUSHGATEWAY_URL)');
}

/** @param remark What a command does without it. */
function sinceOption(remark = ''): Option {
  return new Option(
    '--since <time>',
    `only restarts from then on: 2026-11-20, "2026-11-20 08:00", 22:00, yesterday, or how long ago (30m, 1.5h, 7d)${remark}`,
  );
}

function untilOption(): Option {
  return new Option('--until <time>', 'only restarts up to then');
}

/** Adds the names of a list to those of earlier options. */
function addNames(list: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...list.split(',').map((name) => name.trim())];
}

/** The library is loaded only where a shell asks: it takes longer than the rest of a start. */
async function addCompletion(command: Command): Promise<void> {
  const [, , first = ''] = process.argv;
  if (first === 'completion' || first === 'complete') {
    const { default: tab } = await import('@bomb.sh/tab/commander');
    tab(command, { completionCommandName: 'completion' });
  } else {
    const shells = ['bash', 'zsh', 'fish', 'powershell'];
    command
      .command('completion')
      .description('print the script that completes this command in a shell')
      .addArgument(command.createArgument('<shell>', 'which shell').choices(shells));
  }
}

function failureCode(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  terminal.err(`${name}: ${reasonOf(error)}`);
  return error instanceof LedgerError && (error.kind === 'usage' || error.kind === 'configuration') ? 2 : 1;
}

try {
  const command = program((code) => {
    process.exitCode = code;
  });
  await addCompletion(command);
  await command.parseAsync();
} catch (error) {
  process.exitCode = failureCode(error);
}
