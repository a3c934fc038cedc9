import { type ReplayOptions, replayCommand } from '../../lib/cli/replay/replay-command.ts';

export interface Shown {
  readonly code: number;
  readonly restarts: readonly unknown[];
  /** The last line is the summary. */
  readonly messages: readonly string[];
}

/** The output of `replay --dry-run -o json` for files. */
export async function shownBy(
  paths: readonly string[],
  options: Partial<ReplayOptions> = {},
): Promise<Shown> {
  const out: string[] = [];
  const messages: string[] = [];
  const code = await replayCommand(
    paths,
    { dryRun: true, output: 'json', quiet: true, retryFor: '0s', ...options },
    {},
    {
      out: (lines) => out.push(...lines.split('\n')),
      drained: async () => {},
      err: (line) => messages.push(line),
    },
  );
  return { code, restarts: out.map((line): unknown => JSON.parse(line)), messages };
}
