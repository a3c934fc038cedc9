import { basename } from 'node:path';

/** How the program was called. */
export interface Invocation {
  /** For help and messages. */
  readonly name: string;
  /** As `kubectl restarts`: kubectl runs the plugin that is called `kubectl-restarts`. */
  readonly isPlugin: boolean;
}

/**
 * @param program The path of the script or of the link to it.
 * Source: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/#naming-a-plugin
 */
export function invokedAs(program: string): Invocation {
  const isPlugin = /^kubectl-restarts(?:\.[jt]s)?$/.test(basename(program));
  return { name: isPlugin ? 'kubectl restarts' : 'restart-ledger', isPlugin };
}
