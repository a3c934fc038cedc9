import { combined, createRecordReader } from '../../metrics/read-record.ts';
import { readSample } from '../../metrics/read-sample.ts';
import type { Pushgateway } from '../../pushgateway/pushgateway.ts';
import { addTo, type HistorySource, inOrder, type RestartsById } from './history-source.ts';

/**
 * The restarts that a Pushgateway stores: those that no sweep has deleted.
 *
 * @param url Without credentials, for the description.
 */
export function pushgatewayHistory(gateway: Pick<Pushgateway, 'lines'>, url: string): HistorySource {
  return {
    description: `Pushgateway ${url} (what no sweep has deleted yet)`,
    async read(range) {
      const restarts: RestartsById = new Map();
      const reader = createRecordReader();
      for await (const lines of gateway.lines('/metrics')) {
        for (const line of lines) {
          if (!line.startsWith('pod_monitor_container_restart_')) continue;
          const sample = readSample(line);
          const restart =
            sample && reader.read(sample.name, (name) => sample.labels.get(name) ?? '', sample.value);
          // The gateway writes its families by name, so the details come first.
          if (restart !== undefined) addTo(restarts, restart, combined);
        }
      }
      return inOrder(restarts.values(), range);
    },
  };
}
