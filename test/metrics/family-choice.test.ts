import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceSyntax, chooseFamilies } from '../../lib/metrics/family-choice.ts';

const cases: readonly [choice: string, chosen: readonly string[] | undefined][] = [
  ['default', ['total', 'events', 'details']],
  ['all', ['total', 'events', 'details', 'event', 'time', 'info']],
  ['info, total', ['total', 'info']],
  ['time', ['time']],
  ['total,details,nonsense', undefined],
  ['total,', undefined],
  ['', undefined],
];

for (const [choice, chosen] of cases) {
  test(`METRICS=${JSON.stringify(choice)} chooses ${chosen?.join(', ') ?? 'nothing that there is'}`, () => {
    assert.deepEqual(
      chooseFamilies(choice)?.map((family) => family.shortName),
      chosen,
    );
  });
}

test('the choice is described by every short name', () => {
  assert.equal(choiceSyntax, 'default, all, or a list of total,events,details,event,time,info');
});
