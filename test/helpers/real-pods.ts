import type { RealApiServer } from './real-api-server.ts';
import { textAt, valueAt } from './value-at.ts';

/** Creates a Pod that has not restarted; no kubelet will run it. */
export async function createPod(server: RealApiServer, namespace: string, name: string): Promise<void> {
  await server.must('POST', `/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
  });
}

/** Writes the status that a kubelet would: the container runs again after its restart of this ordinal. */
export async function showRestart(
  server: RealApiServer,
  namespace: string,
  name: string,
  ordinal: number,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const pod = await server.must('GET', path);
  const ended = finishedAt(ordinal);
  const status = {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'app',
        image: 'registry.example/app:1',
        imageID: 'registry.example/app@sha256:1',
        ready: true,
        started: true,
        restartCount: ordinal,
        containerID: `containerd://${name}-${ordinal}`,
        state: { running: { startedAt: ended } },
        lastState: {
          terminated: {
            exitCode: 1,
            reason: 'Error',
            startedAt: finishedAt(ordinal - 1),
            finishedAt: ended,
            containerID: `containerd://${name}-${ordinal - 1}`,
          },
        },
      },
    ],
  };
  await server.must('PUT', `${path}/status`, { ...Object(pod), status });
}

/** When restart `ordinal` of `showRestart` ended, one a minute. */
export function finishedAt(ordinal: number): string {
  return new Date(Date.UTC(2026, 10, 20, 10, ordinal)).toISOString().replace('.000Z', 'Z');
}

/** A Pod as `name ordinal`. */
export function podWithOrdinal(pod: unknown): string {
  return `${textAt(pod, 'metadata.name')} ${String(valueAt(pod, 'status.containerStatuses.0.restartCount'))}`;
}
