import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../../../test/helpers/free-port.ts';
import { imageEnvironment } from '../../image-environment.ts';
import type { Command, Processes } from '../processes.ts';
import { until } from '../until.ts';
import { gatewayCommand } from './monitoring.ts';

const execute = promisify(execFile);

/** The two ways on which restarts are recorded, each into a gateway of its own. */
export const pathNames = ['watch', 'events'] as const;
export type PathName = (typeof pathNames)[number];

/** The processes, by which disruptions name them. */
export const gatewayOf = { watch: 'gateway-watch', events: 'gateway-events' } as const;
export const watchOf = { watch: 'watch', events: 'watch-sink' } as const;
export const functionName = 'function';

export interface Paths {
  readonly gateways: Readonly<Record<PathName, string>>;
  /** Runs reconcile on both: the command on the one, an event as of a PingSource on the other. */
  reconcile(): Promise<void>;
}

export interface PathSettings {
  readonly folder: string;
  readonly processes: Processes;
  readonly signal: AbortSignal;
  /** Kubeconfigs with the rights of `deploy/components/watch` and `…/schedule`. */
  readonly watcher: string;
  readonly reconciler: string;
}

function node(parameters: readonly string[], environment: Readonly<Record<string, string>>): Command {
  return { program: process.execPath, parameters, environment: { ...imageEnvironment, ...environment } };
}

/** Starts `watch` into a gateway, and `watch` → function → another gateway. */
export async function startPaths(settings: PathSettings): Promise<Paths> {
  const { folder, processes, signal, watcher, reconciler } = settings;
  const gateways = { watch: '', events: '' };
  for (const path of pathNames) {
    const port = await freePort();
    gateways[path] = `http://127.0.0.1:${port}`;
    processes.start(gatewayOf[path], gatewayCommand(folder, gatewayOf[path], port));
    await until(() => fetch(gateways[path]), signal);
  }
  const port = await freePort();
  const sink = `http://127.0.0.1:${port}`;
  processes.start(
    functionName,
    node(['dist/functions/main.js'], {
      HOST: '127.0.0.1',
      PORT: String(port),
      PUSHGATEWAY_URL: gateways.events,
      KUBECONFIG: reconciler,
    }),
  );
  await until(() => fetch(`${sink}/health/readiness`), signal);
  const command = ['dist/lib/cli/main.js'];
  const watching = { KUBECONFIG: watcher };
  processes.start(
    watchOf.watch,
    node([...command, 'watch'], { ...watching, PUSHGATEWAY_URL: gateways.watch }),
  );
  processes.start(watchOf.events, node([...command, 'watch', '--sink', sink], watching));

  return {
    gateways,
    async reconcile() {
      const environment = { ...imageEnvironment, KUBECONFIG: reconciler, PUSHGATEWAY_URL: gateways.watch };
      await execute(process.execPath, [...command, 'reconcile'], { env: environment, signal });
      const answer = await fetch(sink, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-type': 'dev.knative.sources.ping',
          'ce-source': 'urn:bench-recall',
          'ce-id': String(Date.now()),
        },
        body: JSON.stringify({ task: 'reconcile' }),
        signal,
      });
      if (!answer.ok) throw new Error(`reconcile by an event: ${answer.status} ${await answer.text()}`);
    },
  };
}
