export type Labels = Readonly<Record<string, string>>;

/** One series of an answer: the last sample of an instant query, or all of a range. */
export interface Series {
  readonly metric: Labels;
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

export type InstantQuery = (expression: string) => Promise<readonly Series[]>;

/** https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
export function createInstantQuery(url: string): InstantQuery {
  return async (query) => {
    const answer = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query }),
    });
    const { status, error, data }: { status: string; error?: string; data: { result: readonly Series[] } } =
      JSON.parse(await answer.text());
    if (status !== 'success') throw new Error(`the query ${query} failed: ${error}`);
    return data.result;
  };
}
