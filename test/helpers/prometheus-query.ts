import { isObject, objectField, objectsField } from '../../lib/narrow.ts';
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
  readonly values: readonly (readonly [time: number, value: string])[];
}

/** One series of an answer: its labels, the name with them, and its samples in their order. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** Unix seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/**
 * The result of a query: a series line for each sample, in its order, which only `sort_desc` guarantees.
 *
 * @param time Unix seconds; by default now.
 */
export async function queryPrometheus(
  url: string,
  expression: string,
  time?: number,
): Promise<readonly string[]> {
  const answer = await queryInstant(url, expression, time);
  return answer.map(({ labels: { __name__: name = '', ...others }, values }) =>
    seriesLine(name, others, values[0] ?? Number.NaN),
  );
}

/** The result of a query at `time`, in Unix seconds, by default now: series with one sample each. */
export async function queryInstant(
  url: string,
  expression: string,
  time?: number,
): Promise<readonly Series[]> {
  const at = time === undefined ? {} : { time: String(time) };
  return await ask(url, 'query', { query: expression, ...at });
}

export async function queryRange(
  url: string,
  expression: string,
  { start, end, step }: Range,
): Promise<readonly Series[]> {
  const range = { start: String(start), end: String(end), step: String(step) };
  return await ask(url, 'query_range', { query: expression, ...range });
}

async function ask(
  url: string,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Series[]> {
  const answer = await fetch(`${url}/api/v1/${endpoint}?${new URLSearchParams(parameters)}`);
  const body: unknown = await answer.json();
  const data = isObject<Answer>(body) ? objectField<Answer, Data>(body, 'data', '') : undefined;
  if (data === undefined)
    throw new Error(`${JSON.stringify(parameters)} was answered ${JSON.stringify(body)}`);
  return objectsField<Data, Sample>(data, 'result', 'data').map(({ metric, value, values }) => {
    const labels = Object.entries(metric ?? {}).map(([label, text]) => [label, String(text)]);
    const samples = Array.isArray(values) ? values : [value];
    return {
      labels: Object.fromEntries(labels),
      values: samples.map((sample: unknown) => Number(Array.isArray(sample) ? sample[1] : Number.NaN)),
    };
  });
}
