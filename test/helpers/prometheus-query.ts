import { isObject, objectField, objectsField } from '../../lib/events/untrusted.ts';
import { seriesLine } from './series.ts';

interface Answer {
  readonly data: Data;
}

interface Data {
  readonly result: readonly Sample[];
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** What Prometheus answers now: a series line for each sample, in its order, which only `sort_desc` promises. */
export async function queryPrometheus(url: string, expression: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  const body: unknown = await answer.json();
  const data = isObject<Answer>(body) ? objectField<Answer, Data>(body, 'data', '') : undefined;
  if (data === undefined) throw new Error(`${expression} was answered ${JSON.stringify(body)}`);
  return objectsField<Data, Sample>(data, 'result', 'data').map(({ metric, value }) => {
    const labels = Object.entries(metric ?? {}).map(([label, text]) => [label, String(text)]);
    const { __name__: name = '', ...others } = Object.fromEntries(labels);
    return seriesLine(name, others, Number(Array.isArray(value) ? value[1] : Number.NaN));
  });
}
