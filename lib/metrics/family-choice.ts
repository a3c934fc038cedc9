import { type MetricFamily, metricFamilies } from './families.ts';

/** What the `METRICS` setting may be, in words. */
export const choiceSyntax = `default, all, or a list of ${metricFamilies.map((family) => family.shortName).join(',')}`;

/**
 * The families that `METRICS` chooses, in the order of the table: `default`, `all`, or short names with commas
 * between them. `undefined` when it names none, or an unknown one.
 */
export function chooseFamilies(choice: string): readonly MetricFamily[] | undefined {
  if (choice === 'all') return metricFamilies;
  if (choice === 'default') return metricFamilies.filter((family) => family.byDefault);
  const names = choice.split(',').map((name) => name.trim());
  const unknown = names.some((name) => !metricFamilies.some((family) => family.shortName === name));
  return unknown ? undefined : metricFamilies.filter((family) => names.includes(family.shortName));
}
