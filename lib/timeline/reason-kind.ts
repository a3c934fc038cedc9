/** The kinds of reasons that the timeline tells apart, in the order of its legend. */
export const reasonKinds = ['memory', 'error', 'signal', 'start', 'completed', 'unknown', 'other'] as const;

/** What a container's end looks like on the timeline: each kind has a colour and a shape of its own. */
export type ReasonKind = (typeof reasonKinds)[number];

/**
 * The reasons that a kubelet and its runtimes give; `Signal:9` and `ExitCode:1` stand for an empty one.
 *
 * Sources: `convertToKubeContainerStatus` in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go
 * and https://github.com/containerd/containerd/blob/main/internal/cri/server/events.go
 */
const kinds: ReadonlyMap<string, ReasonKind> = new Map([
  ['OOMKilled', 'memory'],
  ['Error', 'error'],
  ['Completed', 'completed'],
  ['StartError', 'start'],
  ['ContainerCannotRun', 'start'],
  ['ContainerStatusUnknown', 'unknown'],
  ['Unknown', 'unknown'],
]);

export function reasonKind(reason: string): ReasonKind {
  if (reason.startsWith('Signal:')) return 'signal';
  if (reason.startsWith('ExitCode:')) return 'error';
  return kinds.get(reason) ?? 'other';
}
