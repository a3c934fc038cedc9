import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listenAnywhere } from './listen.ts';

/** A port of 127.0.0.1 that stays where it is while the service behind it is stopped and started again elsewhere. */
export interface TcpProxy {
  readonly url: string;
  /** Where new connections lead. With nothing there they are reset, as are those that are open. */
  leadTo(url: string | undefined): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTcpProxy(first?: string): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let target = first;
  const server = createServer((near) => {
    sockets.add(near);
    near.once('close', () => sockets.delete(near));
    near.on('error', () => near.destroy());
    if (target === undefined) near.resetAndDestroy();
    else join(near, new URL(target));
  });
  const port = await listenAnywhere(server);
  const resetAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo(url) {
      target = url;
      resetAll();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      resetAll();
      await once(server, 'close');
    },
  };
}

function join(near: Socket, { hostname, port }: URL): void {
  const far = connect(Number(port), hostname);
  far.on('error', () => near.resetAndDestroy());
  far.once('close', () => near.destroySoon());
  near.once('close', () => far.destroy());
  near.pipe(far).pipe(near);
}
