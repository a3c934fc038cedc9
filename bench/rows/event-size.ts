import { ledger, noGateway, startContender } from '../contender.ts';
import { podEvent, pods } from '../load/pod-events.ts';
import { throughput } from '../load/throughput.ts';
import type { Series } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';

const sizes = [5, 16, 50, 160, 500] as const;

/** The cost of an event by the size of its Pod: the time of one, and of each of its bytes. */
export async function eventSizes({ rounds, seconds }: Effort): Promise<Series> {
  await using product = await startContender(ledger(noGateway));
  const measurements = Object.fromEntries(
    sizes.map((kilobytes) => {
      const posts = [podEvent(podOf(kilobytes * 1000))];
      return [kilobytes, () => throughput(product.url, { posts, connections: 8 }, seconds)];
    }),
  );
  await medians(1, measurements);
  const rate = await medians(rounds, measurements);
  return {
    title: 'Cost of an event as its Pod grows',
    columns: ['Pod, KB', 'µs an event', 'ns a byte'],
    lines: sizes.map((kilobytes) => {
      const microseconds = 1e6 / rate(String(kilobytes));
      return [kilobytes, microseconds, microseconds / kilobytes];
    }),
  };
}

/** A Pod without a termination that has so many bytes: its containers' environment is what makes Pods large. */
function podOf(bytes: number): string {
  const [small = ''] = pods(1, false);
  const setting = '{"name":"SETTING","value":"value-0123456789abcdef"},';
  const times = Math.max(0, Math.round((bytes - small.length) / setting.length));
  return small.replace('"env":[', `"env":[${setting.repeat(times)}`);
}
