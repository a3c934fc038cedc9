import assert from 'node:assert/strict';
import { Pool } from 'undici';
import { type Post, pods, pushesOf } from '../load/pod-events.ts';

/**
 * Pushes of so many different restarts: real ones, told apart by their restart_id and their container's ID.
 *
 * @param times Whether each sample has the restart's time, as VictoriaMetrics gets it: one restart a second, up to now.
 */
export async function* records(
  from: number,
  to: number,
  { times = false }: { readonly times?: boolean } = {},
): AsyncGenerator<Post, void, void> {
  patterns ??= Promise.all(pods(200, true).map(pushesOf)).then((lists) => lists.flat());
  const known = await patterns;
  for (let number = from; number < to; number += 1) {
    const { path, headers, body } = known[number % known.length] ?? assert.fail('there is no restart');
    const id = number.toString(16).padStart(16, '0');
    const named = body.replace(/containerd:\/\/[0-9a-f]{16}/, `containerd://${id}`);
    const time = startedMilliseconds - number * 1000;
    yield {
      path: `${path}${number}`,
      headers,
      body: times ? named.replaceAll(/^([^#].*)$/gm, `$1 ${time}`) : named,
    };
  }
}

const startedMilliseconds = Date.now();

let patterns: Promise<readonly Post[]> | undefined;

/** Pushes them all, eight at a time. `base` is a path in front of theirs. */
export async function push(url: string, posts: AsyncIterable<Post>, base = ''): Promise<void> {
  const connections = 8;
  const pool = new Pool(url, { connections });
  const queue = posts[Symbol.asyncIterator]();
  const worker = async () => {
    for (let next = await queue.next(); next.done !== true; next = await queue.next()) {
      const { path, headers, body } = next.value;
      const answer = await pool.request({ method: 'POST', path: `${base}${path}`, headers, body });
      await answer.body.dump();
      assert.ok(answer.statusCode < 300, `answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await pool.close();
}
