import type { Termination } from './pod.ts';

/**
 * Why a container ended, never empty: the status's own reason, else what `kubectl get pods` prints instead,
 * `Signal:9` or `ExitCode:1`.
 *
 * Source: `printPod` in https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go
 */
export function terminationReason({ reason, signal, exitCode }: Termination): string {
  if (reason !== '') return reason;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}
