import type { InputFile } from '../../files/input-file.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import type { PodObservation } from '../../restarts/pod-observation.ts';
import type { Restart } from '../../restarts/restart.ts';
import { type Refusal, type ReplayDependencies, replay } from '../replay/replay.ts';
import type { Selection } from '../replay/selection.ts';
import { type HistorySource, inOrder } from './history-source.ts';

export interface FileHistoryOptions {
  readonly recordsOf: ReplayDependencies['recordsOf'];
  /** Which Pods. */
  readonly selectsPod: Selection['selectsPod'];
  /** Called with each record that is invalid; the others are still read. */
  readonly onRefused: (refusal: Refusal) => void;
  readonly onProgress?: (bytes: number, records: number) => void;
}

/** The restarts that files show, read as `replay` reads them. */
export function fileHistory(
  files: readonly InputFile[],
  { recordsOf, selectsPod, onRefused, onProgress = () => {} }: FileHistoryOptions,
): HistorySource {
  return {
    description: files.length === 1 ? `the file ${files[0]?.path}` : `${files.length} files`,
    async read(range) {
      const observed: Restart[] = [];
      await replay(files, {
        recordsOf,
        selection: { selectsPod, selectsRestart: () => true },
        sink: {
          take: async ({ restarts }: PodObservation) => {
            observed.push(...restarts);
          },
        },
        retryThroughOutage: (work) => work(),
        retention: { seconds: Number.POSITIVE_INFINITY },
        nowSeconds: () => 0,
        isEnding: () => false,
        onRefused,
        onProgress,
      });
      return inOrder(distinctRestarts(observed), range);
    },
  };
}
