import type { LiveData } from '../live-data.ts';

export interface LiveOptions {
  /** Where the restarts are read, relative to the page. */
  readonly path: string;
  readonly seconds: number;
  readonly onData: (data: LiveData) => void;
  /** There is nothing new; when that was, in Unix seconds by the clock of the server. */
  readonly onUnchanged: (readAt: number) => void;
  /** The server of the page cannot be reached, `true`, or answers again, `false`. */
  readonly onServerLost: (isLost: boolean) => void;
}

/**
 * Asks for the restarts every few seconds, as long as the page is looked at. Polling with an entity tag survives every proxy and
 * every restart of the server, and an answer without news has no body.
 */
export function follow({ path, seconds, onData, onUnchanged, onServerLost }: LiveOptions): void {
  let tag: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;

  async function ask(): Promise<void> {
    const answer = await fetch(path, {
      cache: 'no-store',
      headers: tag === undefined ? {} : { 'if-none-match': tag },
      signal: AbortSignal.timeout(60_000),
    });
    if (answer.status === 304) {
      const date = Date.parse(answer.headers.get('date') ?? '');
      if (!Number.isNaN(date)) onUnchanged(date / 1000);
      return;
    }
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    onData(await answer.json());
    tag = answer.headers.get('etag') ?? undefined;
  }

  async function turn(): Promise<void> {
    if (isAsking || document.hidden) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      await ask();
      onServerLost(false);
    } catch {
      onServerLost(true);
    }
    isAsking = false;
    timer = setTimeout(turn, seconds * 1000);
  }

  document.addEventListener('visibilitychange', turn);
  timer = setTimeout(turn, seconds * 1000);
}
