/**
 * Recognises the container logs that `kubectl cluster-info dump` writes between the lists when it writes everything to
 * standard output. Called for each line outside of an object, in order.
 *
 * Source: https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/clusterinfo/clusterinfo_dump.go
 */
export interface LogSections {
  /** Inside a log: the next line belongs to it, whatever its text. */
  isOpen(): boolean;
  includes(line: string): boolean;
}

const start = /^==== START logs for container .* of pod .* ====\s*$/;
/** A log whose last line has no end is followed by this on the same line. */
const end = /==== END logs for container .* of pod .* ====\s*$/;

export function createLogSections(): LogSections {
  let isOpen = false;
  return {
    isOpen: () => isOpen,
    includes(line) {
      const belongs = isOpen || start.test(line);
      if (belongs) isOpen = !end.test(line);
      return belongs;
    },
  };
}
