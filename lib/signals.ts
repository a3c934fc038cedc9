/** The end of a process by SIGTERM or SIGINT. */
export interface EndingSignals {
  /** Aborted by the first signal; its reason is the signal's name. */
  readonly signal: AbortSignal;
  /** Restores Node's handling of the signals. */
  [Symbol.dispose](): void;
}

/**
 * Takes SIGTERM and SIGINT from now on until it is disposed of, so that a process ends in good order. Further signals
 * change nothing: npm and the terminal may both pass a Ctrl-C on.
 */
export function takeSignals(): EndingSignals {
  const ending = new AbortController();
  const end = (name: NodeJS.Signals) => ending.abort(name);
  for (const name of signalNames) process.on(name, end);
  return {
    signal: ending.signal,
    [Symbol.dispose]() {
      for (const name of signalNames) process.off(name, end);
    },
  };
}

const signalNames = ['SIGTERM', 'SIGINT'] as const;

/** Resolves when the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}
