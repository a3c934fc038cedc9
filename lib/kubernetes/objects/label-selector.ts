import { LedgerError } from '../../errors.ts';

/** Whether an object with these labels is selected. */
export type LabelSelector = (labels: Readonly<Record<string, unknown>>) => boolean;

const key = '[\\w./-]+';
const equality = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([\\w.-]*)$`);
const membership = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([\\w.,\\s-]*)\\)$`);
const existence = new RegExp(`^(!?)\\s*(${key})$`);

/**
 * A selector in the form that `kubectl --selector` takes: `app=web,tier!=db,env in (a,b),!canary`. An empty one selects
 * everything.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @throws LedgerError `usage` that names the requirement that cannot be read.
 */
export function parseLabelSelector(selector: string): LabelSelector {
  if (selector.trim() === '') return () => true;
  const requirements = selector.split(/,(?![^(]*\))/).map((text) => parseRequirement(text.trim()));
  return (labels) => requirements.every((isMet) => isMet(labels));
}

function parseRequirement(text: string): LabelSelector {
  const [, label = '', operator, value = ''] = equality.exec(text) ?? [];
  if (operator === '!=') return (labels) => labelOf(labels, label) !== value;
  if (operator !== undefined) return (labels) => labelOf(labels, label) === value;
  const [, member = '', set, list = ''] = membership.exec(text) ?? [];
  const values = list.split(',').map((each) => each.trim());
  if (set === 'in') return (labels) => values.some((each) => labelOf(labels, member) === each);
  if (set === 'notin') return (labels) => !values.some((each) => labelOf(labels, member) === each);
  const [, negation, name = ''] = existence.exec(text) ?? [];
  if (negation === undefined) throw notASelector(text);
  return (labels) => (labelOf(labels, name) !== undefined) === (negation === '');
}

function labelOf(labels: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

function notASelector(text: string): LedgerError {
  return new LedgerError('usage', {
    operation: 'reading',
    subject: 'the option --selector',
    fact: `${JSON.stringify(text)} is not a label requirement`,
    remedy: 'write it as for kubectl: app=web,tier!=db,env in (a,b),!canary',
  });
}
