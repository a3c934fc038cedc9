import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../../lib/errors.ts';
import { parseLabelSelector } from '../../../lib/kubernetes/objects/label-selector.ts';

const labels = {
  web: { app: 'web', env: 'prod', 'app.kubernetes.io/name': 'web' },
  db: { app: 'db', tier: 'data', env: '' },
  none: {},
};

/** Which of the labels are selected. Those of `kubectl` for the same selectors. */
const selectors: readonly (readonly [selector: string, selected: readonly string[]])[] = [
  ['app=web', ['web']],
  ['app==web', ['web']],
  [' app = web ', ['web']],
  ['app.kubernetes.io/name=web', ['web']],
  ['app!=web', ['db', 'none']],
  ['env=', ['db']],
  ['env', ['web', 'db']],
  ['!env', ['none']],
  ['! env', ['none']],
  ['app in (web,db)', ['web', 'db']],
  ['app in(web)', ['web']],
  ['app in ( web , other )', ['web']],
  ['app notin (web)', ['db', 'none']],
  ['env in (,prod)', ['web', 'db']],
  ['app=web,env=prod', ['web']],
  ['app in (web,db),!tier', ['web']],
  ['app!=web,tier notin (data)', ['none']],
  ['toString', []],
  ['!constructor', ['web', 'db', 'none']],
  ['', ['web', 'db', 'none']],
];

for (const [selector, selected] of selectors) {
  test(`the selector ${JSON.stringify(selector)} selects ${selected.join(', ') || 'nothing'}`, () => {
    const isSelected = parseLabelSelector(selector);
    assert.deepEqual(
      Object.entries(labels)
        .filter(([, each]) => isSelected(each))
        .map(([name]) => name),
      selected,
    );
  });
}

for (const selector of [
  'a b',
  'app=web,',
  'app>1',
  'app in web',
  'app in (a',
  '=web',
  'app=a=b',
  'app=w€b',
]) {
  test(`the selector ${JSON.stringify(selector)} is invalid usage`, () => {
    assert.throws(
      () => parseLabelSelector(selector),
      (error) =>
        error instanceof LedgerError &&
        error.kind === 'usage' &&
        /^reading the option --selector: ".*" is not a label requirement; write it as for kubectl/.test(
          error.message,
        ),
    );
  });
}
