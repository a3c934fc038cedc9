/** A sample as one line, `name{label="value",…} value`: labels sorted and, as in Prometheus, none that is empty. */
export function seriesLine(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels)
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.sort().join(',')}} ${value}`;
}

/**
 * What a gateway has stored of a job, as sorted series lines: all the samples, and one line for each group that says
 * whether a push to it has failed. Only the times of the pushes are left out.
 *
 * Label values must be free of characters that the text format escapes.
 */
export async function storedSeries(gatewayUrl: string, job: string): Promise<readonly string[]> {
  const answer = await fetch(`${gatewayUrl}/metrics`);
  const lines = (await answer.text()).split('\n');
  return lines
    .filter((line) => line.includes(`job="${job}"`) && !line.startsWith('push_time_seconds'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [
        label,
        text,
      ]);
      return seriesLine(name, Object.fromEntries(pairs), Number(value));
    })
    .sort();
}
