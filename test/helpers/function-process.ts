import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

export type Environment = Readonly<Record<string, string>>;

/** One line of the log, without `time`, `pid` and `hostname`, which differ from run to run. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a process has left behind when it has ended. */
export interface Remains extends Exit {
  readonly logs: readonly LogLine[];
  readonly stderr: string;
}

/** The function as a process of its own. Disposing of it kills it; it never outlives the test process. */
export interface FunctionProcess {
  /** Where it listens. */
  readonly url: string;
  /** Every line of the log that has been read by now, in order; it grows. */
  readonly logs: readonly LogLine[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended and everything that it wrote has been read. */
  readonly exited: Promise<Remains>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The Pods of the tests have ended long ago, and are recorded all the same. */
const ownPlace = { PORT: '0', HOST: '127.0.0.1', RETENTION: '0' };

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

/** Starts whatever serves as the function does: `parameters` are the program and what it is given. */
export async function startProcess(
  parameters: readonly string[],
  environment: Environment,
): Promise<FunctionProcess> {
  const { promise: url, resolve } = Promise.withResolvers<string>();
  const launched = launch(parameters, { ...ownPlace, ...environment }, (line) => {
    if (line['msg'] === 'listening') resolve(String(line['url']));
  });
  const { logs, exited, kill } = launched;
  return {
    url: await Promise.race([url, exited.then(endedEarly)]),
    logs,
    exited,
    kill,
    async [Symbol.asyncDispose]() {
      kill('SIGKILL');
      await exited;
    },
  };
}

/** Starts the function where it is expected to end by itself, and waits for that. */
export async function runFunction(environment: Environment): Promise<Remains> {
  const main = { ...ownPlace, ...environment };
  const { exited, kill } = launch(['functions/main.ts'], main, (line) => {
    if (line['msg'] === 'listening') kill('SIGKILL');
  });
  return await exited;
}

interface Launched {
  readonly logs: readonly LogLine[];
  readonly exited: Promise<Remains>;
  kill(signal: NodeJS.Signals): void;
}

function launch(
  parameters: readonly string[],
  environment: Environment,
  onLine: (line: LogLine) => void,
): Launched {
  const child = spawn(process.execPath, parameters, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  const logs: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (written) => {
    const line = logLine(written);
    logs.push(line);
    onLine(line);
  });
  return { logs, exited: remainsOf(child, logs), kill: (signal) => child.kill(signal) };
}

async function remainsOf(
  child: ChildProcess & { readonly stderr: NodeJS.ReadableStream },
  logs: readonly LogLine[],
): Promise<Remains> {
  const { promise: exit, resolve, reject } = Promise.withResolvers<Exit>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve({ code, signal }));
  const [stderr, { code, signal }] = await Promise.all([text(child.stderr), exit]);
  return { code, signal, logs, stderr };
}

function logLine(written: string): LogLine {
  const { time, pid, hostname, ...line }: Record<string, unknown> = JSON.parse(written);
  return line;
}

function endedEarly(remains: Remains): never {
  throw new Error(`the function ended before it listened: ${JSON.stringify(remains)}`);
}

const running = new Set<ChildProcess>();

function endWithUs(child: ChildProcess): void {
  if (process.listenerCount('exit', killRunning) === 0) {
    process.on('exit', killRunning);
    // A signal would end the test process without its exit listeners.
    process.once('SIGTERM', () => process.exit(143));
    process.once('SIGINT', () => process.exit(130));
  }
  running.add(child);
  child.once('exit', () => running.delete(child));
}

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}
