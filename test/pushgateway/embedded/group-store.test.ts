import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGroupStore, type GroupStore } from '../../../lib/pushgateway/embedded/group-store.ts';
import { parseExposition } from '../../../lib/pushgateway/embedded/text-format/parse.ts';
import { countMapOperations } from '../../helpers/count-map-operations.ts';

const families = parseExposition('a 1\nb{x="1"} 2\n# TYPE c counter\nc 3\n');
const clashing = parseExposition('# TYPE a counter\na 1\n');

function storeOf(groups: number): GroupStore {
  const store = createGroupStore(() => 1_763_632_802_500);
  for (let group = 0; group < groups; group += 1) store.push(labelsOf(`stored-${group}`), families, false);
  return store;
}

function labelsOf(group: string): ReadonlyMap<string, string> {
  return new Map([
    ['job', 'j'],
    ['group', group],
  ]);
}

const works: Readonly<Record<string, (store: GroupStore) => void>> = {
  'a push into a new group': (store) => store.push(labelsOf('new'), families, false),
  'a push into an existing group': (store) => store.push(labelsOf('stored-5'), families, false),
  'a push that replaces a group': (store) => store.push(labelsOf('stored-5'), families, true),
  'a refused push': (store) => assert.notEqual(store.push(labelsOf('new'), clashing, false), undefined),
  'a delete': (store) => store.delete(labelsOf('stored-5')),
};

for (const [name, work] of Object.entries(works)) {
  test(`the cost of ${name} does not depend on how much is stored`, () => {
    const [few, many] = [storeOf(10), storeOf(1000)].map((store) => countMapOperations(() => work(store)));
    assert.ok(few !== undefined && few > 0);
    assert.equal(many, few);
  });
}
