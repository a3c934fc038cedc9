import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listenAnywhere } from './listen.ts';

/** A fixed port of 127.0.0.1, while the service behind it is stopped and restarted on another port. */
export interface TcpProxy {
  readonly url: string;
  /** The target of new connections. Without one, new and open connections are reset. */
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
    if (target === undefined) reset(near);
    else join(near, new URL(target));
  });
  const port = await listenAnywhere(server);
  const resetAll = () => {
    for (const socket of sockets) reset(socket);
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
  far.on('error', () => reset(near));
  far.once('close', () => near.destroySoon());
  near.once('close', () => far.destroy());
  near.pipe(far).pipe(near);
}

/** A socket that is being ended cannot be reset any more: its handle would stay open. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
