import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parseYaml } from '../../files/parse-yaml.ts';
import { isObject } from '../../narrow.ts';

/** Of https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/, what is read here. */
interface KubeConfigFile {
  readonly users: readonly NamedUser[];
}

interface NamedUser {
  readonly name: string;
  readonly user: { readonly tokenFile: string };
}

/**
 * Gives the users of a kubeconfig the `tokenFile` that the file names, which the library ignores: it would ask as
 * `system:anonymous`. The file is read anew while it is used, since its token rotates; it takes precedence over `token`,
 * and a relative path starts at the folder of the kubeconfig, as for kubectl.
 *
 * @param configuration Loaded from `file`; it is changed.
 */
export function useTokenFiles(configuration: KubeConfig, file: string): void {
  const tokenFiles = new Map(tokenFilesIn(parseYaml(readFileSync(file)), dirname(file)));
  configuration.users = configuration.users.map((user) => {
    const tokenFile = tokenFiles.get(user.name);
    if (tokenFile === undefined) return user;
    const { token: _fixed, ...others } = user;
    return { ...others, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

function tokenFilesIn(content: unknown, folder: string): readonly (readonly [user: string, path: string])[] {
  if (!isObject<KubeConfigFile>(content) || !Array.isArray(content.users)) return [];
  return content.users.flatMap((entry: unknown) => {
    if (!isObject<NamedUser>(entry) || !isObject<NamedUser['user']>(entry.user)) return [];
    const { name } = entry;
    const { tokenFile } = entry.user;
    if (typeof name !== 'string' || typeof tokenFile !== 'string' || tokenFile === '') return [];
    return [[name, resolve(folder, tokenFile)] as const];
  });
}
