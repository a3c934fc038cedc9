import type { Restart } from './restart.ts';

/** Names of which a restart has to have one; each list that is left out admits all. A `*` stands for any text. */
export interface RestartNames {
  readonly namespace?: readonly string[];
  readonly workload?: readonly string[];
  readonly pod?: readonly string[];
  readonly container?: readonly string[];
  readonly reason?: readonly string[];
}

/**
 * Whether a restart has the names. A workload may be named with its kind, as `deployment/checkout`. Reasons are compared without
 * regard to case.
 */
export function createRestartFilter(names: RestartNames): (restart: Restart) => boolean {
  const namespace = matcher(names.namespace);
  const workload = matcher(names.workload);
  const pod = matcher(names.pod);
  const container = matcher(names.container);
  const reason = matcher(names.reason, 'i');
  return (restart) =>
    namespace(restart.namespace) &&
    (workload(restart.workload) || workload(`${restart.workloadType}/${restart.workload}`)) &&
    pod(restart.pod) &&
    container(restart.container) &&
    reason(restart.reason);
}

function matcher(names: readonly string[] | undefined, flags = ''): (text: string) => boolean {
  if (names === undefined) return () => true;
  const patterns = names.map(
    (name) => new RegExp(`^${name.split('*').map(literal).join('.*')}$`, `${flags}s`),
  );
  return (text) => patterns.some((pattern) => pattern.test(text));
}

function literal(text: string): string {
  return text.replaceAll(/[\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
