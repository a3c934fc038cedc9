import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { eventually } from '../helpers/eventually.ts';
import { queryInstant, type Series } from '../helpers/prometheus-query.ts';
import { missing } from '../helpers/real-services.ts';
import { type RecordedExamples, startRecordedExamples } from '../helpers/recorded-examples.ts';
import { examplesRecordedAt } from '../helpers/shifted-examples.ts';

interface Recipe {
  readonly question: string;
  readonly query: string;
  /** The table below the query, its header first. */
  readonly answer: readonly string[];
}

const cookbook = readFileSync('docs/cookbook.md', 'utf8');
const recipes: readonly Recipe[] = cookbook
  .split('\n### ')
  .slice(1)
  .map((section) => ({
    question: section.split('\n', 1)[0] ?? '',
    query: fenced(section, 'promql'),
    answer: fenced(section, 'text').split('\n'),
  }));

/** What stands between the first fences of a language; empty when there are none. */
function fenced(section: string, language: string): string {
  const [, , content = ''] = new RegExp(`(^|\n)\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(section) ?? [];
  return content;
}

const day = 86_400;
const now = Math.floor(Date.now() / 1000);
/**
 * When the questions are asked: the next time that it is as late in the day as in the cookbook, and not so soon that
 * the first scrape could miss it. The examples are moved by as many whole days, so hours of the day stay what they are.
 */
const shift = Math.ceil((now + 600 - examplesRecordedAt) / day) * day;
const askedAt = examplesRecordedAt + shift;

/** The answer as the cookbook prints it: these columns, a line a series, sorted unless the query sorts. */
function table(header: string, series: readonly Series[], ordered: boolean): readonly string[] {
  const columns = header.split(/ {2,}/);
  const rows = series.map((one) => columns.map((column) => cell(column, one)));
  if (!ordered) rows.sort((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1));
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cell(column: string, { labels, values: [value = Number.NaN] }: Series): string {
  if (column === 'value') return String(value);
  if (column === 'time') return time(value - shift);
  const text = labels[column] ?? '-';
  if (column === 'finished_time') return time(Date.parse(text) / 1000 - shift);
  if (column === 'restart_id')
    return text.replace(/\d+$/, (finishedAt) => String(Number(finishedAt) - shift));
  return text;
}

function time(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

test('every question has a query and a result', () => {
  const fences = cookbook.match(/^```\w+$/gm) ?? [];
  assert.equal(fences.length, recipes.length * 2);
  assert.deepEqual(
    recipes.filter(({ query, answer }) => query === '' || answer.length < 2),
    [],
  );
});

const skip = missing('prometheus') || missing('prometheus-pushgateway');

suite('a real Prometheus answers as the cookbook says', { skip }, () => {
  let examples: RecordedExamples;

  before(async () => {
    // The questions are asked up to a day ahead of what is scraped.
    examples = await startRecordedExamples({ shift, prometheusFlags: ['--query.lookback-delta=2d'] });
    await eventually(async () => {
      const groups = await queryInstant(examples.prometheusUrl, 'push_time_seconds', askedAt);
      assert.equal(groups.length, 10);
    });
  });
  after(() => examples[Symbol.asyncDispose]());

  for (const { question, query, answer } of recipes)
    test(question, async () => {
      const series = await queryInstant(examples.prometheusUrl, query, askedAt);
      assert.deepEqual(table(answer[0] ?? '', series, query.startsWith('sort_desc')), answer);
    });
});
