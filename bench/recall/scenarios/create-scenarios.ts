import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '../node/api-client.ts';
import { quietFile, startableFile } from './containers.ts';
import { endingPods, restartingPods, restartingWorkloads } from './pods.ts';

/** Where the containers are that the kubelet starts again, and those that it does not. */
export const namespaces = { restarting: 'scenarios', ending: 'endings' } as const;

/** @param controlFolder a folder of the node that all Pods see; empty. */
export async function createScenarios(
  api: ApiClient,
  copies: Readonly<Record<string, number>>,
  controlFolder: string,
): Promise<void> {
  for (const name of Object.values(namespaces)) {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name } });
    // A Pod needs it, and the controller that makes it may take its time.
    const account = { metadata: { name: 'default' } };
    await api.send('POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
  }
  const restarting = { namespace: namespaces.restarting, controlFolder };
  const manifests = [
    ...restartingPods(copies, restarting),
    ...restartingWorkloads(restarting),
    ...endingPods({ namespace: namespaces.ending, controlFolder }),
  ];
  for (const { path, body } of manifests) await api.send('POST', path, body);
}

/** Makes every container that starts from now on run for ever, so that nothing ends while the records are counted. */
export function endScenarios(controlFolder: string): void {
  writeFileSync(join(controlFolder, quietFile), '');
  writeFileSync(join(controlFolder, startableFile), '#!/bin/sh\nsleep 100000\n', { mode: 0o755 });
}
