import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Environment, processEnvironment } from '../../config.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { unusable } from './api-failure.ts';

/** The fallback of the library where it finds no configuration. */
const fallbackServer = 'http://localhost:8080';

/**
 * The configuration where kubectl finds it: the files of KUBECONFIG, the file in the home directory, else the service
 * account of the Pod. The library takes half a second to load, and is loaded here for the first time.
 *
 * @param context The context to use; by default the current one.
 * @throws LedgerError `cluster-unconfigured` where there is none; `cluster-unusable` where it cannot be used.
 */
export async function loadKubeConfig(
  environment: Environment = processEnvironment(),
  context?: string,
): Promise<KubeConfig> {
  const { KubeConfig } = await import('./client-library.ts');
  const files = kubeConfigFiles(environment);
  if (files.length === 0 && context !== undefined) throw noContext(context, []);
  if (files.length === 0) return serviceAccount(new KubeConfig());
  // It loads a YAML parser, which a function without reference events does not need.
  const { useTokenFiles } = await import('./token-files.ts');
  const configuration = new KubeConfig();
  try {
    for (const [index, file] of files.entries()) {
      const loaded = index === 0 ? configuration : new KubeConfig();
      loaded.loadFromFile(file);
      useTokenFiles(loaded, file);
      if (loaded !== configuration) configuration.mergeConfig(loaded);
    }
    if (context !== undefined) useContext(configuration, context);
    if (configuration.getCurrentCluster() === null)
      throw new Error('it has no current context with a cluster');
    return configuration;
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw unusable(`the kubeconfig ${files.join(delimiter)}`, firstLine(reasonOf(error)), error);
  }
}

/** The YAML parser quotes the lines around a mistake beneath its reason, and there may be a token in them. */
function firstLine(reason: string): string {
  return reason.split('\n', 1).join('');
}

function useContext(configuration: KubeConfig, context: string): void {
  const names = configuration.getContexts().map(({ name }) => name);
  if (!names.includes(context)) throw noContext(context, names);
  configuration.setCurrentContext(context);
}

function noContext(context: string, names: readonly string[]): LedgerError {
  const contexts = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return new LedgerError('usage', {
    operation: 'choosing',
    subject: `the context ${JSON.stringify(context)}`,
    fact: `no kubeconfig has it: ${contexts}`,
    remedy: 'name one with --context, or the file that has it with --kubeconfig',
  });
}

function kubeConfigFiles(environment: Environment): readonly string[] {
  const named = environment['KUBECONFIG'] ?? '';
  if (named !== '') return named.split(delimiter).filter((file) => file !== '');
  const ofHome = join(environment['HOME'] ?? homedir(), '.kube', 'config');
  return existsSync(ofHome) ? [ofHome] : [];
}

/** The service account of the Pod of this process. */
function serviceAccount(configuration: KubeConfig): KubeConfig {
  configuration.loadFromDefault();
  if (configuration.getCurrentCluster()?.server !== fallbackServer) return configuration;
  throw new LedgerError('cluster-unconfigured', {
    operation: 'looking for',
    subject: 'the API server',
    fact: 'there is neither a kubeconfig nor a service account',
    remedy: 'set KUBECONFIG, or run it in a Pod with a service account token',
  });
}
