import { startNode } from './node-program.ts';
import type { Environment, RunningProcess } from './process.ts';

/** One line of the log, without its `time`, which differs from run to run. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The outcome of a process that has ended. */
export interface Remains {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly logs: readonly LogLine[];
  readonly stderr: string;
}

/** The function as a process of its own, which is killed when it is disposed of. */
export interface FunctionProcess {
  /** Where it listens. */
  readonly url: string;
  readonly pid: number;
  /** Every line of the log that has been read by now, in order; it grows. */
  readonly logs: readonly LogLine[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended and everything that it wrote has been read. */
  readonly exited: Promise<Remains>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The restarts in the tests are old, and must be recorded nevertheless; every refusal is logged. */
const ownPlace = { PORT: '0', HOST: '127.0.0.1', RETENTION: '0', LOG_LEVEL: 'debug' };

/**
 * Starts the function on a free port of 127.0.0.1, with nothing else in its environment but `environment` and the
 * PATH. Resolves once it listens, and rejects when it ends before.
 */
export async function startFunction(
  environment: Environment,
  program = 'functions/main.ts',
): Promise<FunctionProcess> {
  return await startProcess([program], environment);
}

/** Starts any program that serves like the function: `parameters` are the program and its arguments. */
export async function startProcess(
  parameters: readonly string[],
  environment: Environment,
): Promise<FunctionProcess> {
  const { promise: url, resolve } = Promise.withResolvers<string>();
  const { logs, exited, running } = launch(parameters, environment, (line) => {
    if (line['msg'] === 'listening') resolve(String(line['url']));
  });
  const { pid } = running;
  if (pid === undefined) throw new Error('the function was not started');
  return {
    pid,
    url: await Promise.race([url, exited.then(endedEarly)]),
    logs,
    exited,
    kill: running.kill,
    [Symbol.asyncDispose]: running[Symbol.asyncDispose],
  };
}

/** Starts a function that is expected to end by itself, and waits for its end. */
export async function runFunction(environment: Environment): Promise<Remains> {
  const { exited, running } = launch(['functions/main.ts'], environment, (line) => {
    if (line['msg'] === 'listening') running.kill('SIGKILL');
  });
  return await exited;
}

interface Launched {
  readonly logs: readonly LogLine[];
  readonly exited: Promise<Remains>;
  readonly running: RunningProcess;
}

function launch(
  parameters: readonly string[],
  environment: Environment,
  onLine: (line: LogLine) => void,
): Launched {
  const logs: LogLine[] = [];
  const running = startNode(parameters, {
    environment: { ...ownPlace, ...environment },
    onLine(written) {
      const line = logLine(written);
      logs.push(line);
      onLine(line);
    },
  });
  const exited = running.ended.then(({ code, signal, stderr }) => ({ code, signal, logs, stderr }));
  return { logs, exited, running };
}

function logLine(written: string): LogLine {
  const { time, ...line }: Record<string, unknown> = JSON.parse(written);
  return line;
}

function endedEarly(remains: Remains): never {
  throw new Error(`the function ended before it listened: ${JSON.stringify(remains)}`);
}
