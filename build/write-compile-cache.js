/**
 * Fills the directory of NODE_COMPILE_CACHE while the image is built: `node --import ./write-compile-cache.js PROGRAM` starts the
 * function, sends it an event whose restart cannot be pushed, keeps what V8 has compiled by then, and ends it.
 */
import { chmodSync, readdirSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const port = await freePort();
Object.assign(process.env, {
  PORT: String(port),
  HOST: '127.0.0.1',
  PUSHGATEWAY_URL: 'http://127.0.0.1:9',
  RETENTION: '0',
  LOG_LEVEL: 'silent',
});
setImmediate(fill);

async function fill() {
  while (!(await isAnswered())) await delay(20);
  flushCompileCache();
  const folder = getCompileCacheDir();
  if (folder === undefined) throw new Error('NODE_COMPILE_CACHE names no directory that can be written');
  for (const name of readdirSync(folder)) chmodSync(`${folder}/${name}`, 0o444);
  chmodSync(folder, 0o555);
  process.kill(process.pid, 'SIGTERM');
}

/** 503: it has loaded the client of the Pushgateway, and nothing listens there. */
async function isAnswered() {
  const ended = {
    containerID: 'containerd://1',
    exitCode: 1,
    reason: 'Error',
    finishedAt: '2026-11-20T10:00:00Z',
  };
  const status = { name: 'c', restartCount: 1, state: { running: {} }, lastState: { terminated: ended } };
  const metadata = { namespace: 'n', name: 'p', uid: 'u' };
  try {
    const { status: code } = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': '1',
        'ce-source': '/build',
        'ce-type': 'dev.knative.apiserver.resource.update',
      },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        status: { containerStatuses: [status] },
      }),
    });
    if (code !== 503) throw new Error(`the function answered ${code}`);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  const { promise, resolve } = Promise.withResolvers();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
  });
  return promise;
}
