export type Labels = Readonly<Record<string, unknown>>;

/**
 * How the API server selects by labels, for its double. Independent of the product's own parser: requirements are
 * separated by commas, and all of them must match; `!=` and `notin` also match when the label is missing.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function labelMatch(selector: string): (labels: Labels) => boolean {
  // Not the commas within parentheses.
  const requirements = selector.split(/,(?![^(]*\))/).filter((text) => text.trim() !== '');
  const holds = requirements.map(requirement);
  return (labels) => holds.every((each) => each(labels));
}

const form = /^\s*(!?)\s*([\w./-]+)\s*(?:(==?|!=|in\b|notin\b)\s*\(?([^()]*)\)?)?\s*$/;

function requirement(text: string): (labels: Labels) => boolean {
  const [, negated, name = '', operator, list = ''] = form.exec(text) ?? [];
  const values = list.split(',').map((value) => value.trim());
  const has = (labels: Labels) => Object.hasOwn(labels, name);
  const hasOne = (labels: Labels) => has(labels) && values.includes(String(labels[name]));
  if (name === '') throw new Error(`${text} is no requirement`);
  if (operator === undefined) return negated === '' ? has : (labels) => !has(labels);
  return operator === '!=' || operator === 'notin' ? (labels) => !hasOne(labels) : hasOne;
}
