import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../helpers/real-services.ts';
import type { RoundPlan } from './round.ts';
import { failuresOf, runChaos } from './run.ts';

const plans: readonly RoundPlan[] = [
  {
    events: 800,
    checksConsistency: true,
    disruptions: ['orderly restart', 'pause'],
    eventsBetweenDisruptions: 150,
    eventsBetweenKills: 100,
  },
  {
    events: 4200,
    checksConsistency: false,
    disruptions: ['orderly restart', 'pause', 'kill', 'orderly restart'],
    eventsBetweenDisruptions: 600,
    eventsBetweenKills: 200,
  },
];

// `npm run chaos` is the same for 100,000 events, with a new seed each time.
test('5,000 events through functions that are killed, before a Pushgateway that is restarted, paused and killed: nothing is lost but by a kill of the Pushgateway, nothing is recorded twice, wrong or invented', {
  skip: missing('prometheus-pushgateway'),
  timeout: 300_000,
}, async (t) => {
  const results = await runChaos(plans, {
    seed: 1,
    functionProgram: 'functions/main.ts',
    commandProgram: 'lib/cli/main.ts',
    onSettled: () => {},
  });
  assert.deepEqual(failuresOf(results).slice(0, 20), []);
  for (const { plan, shown, accountable, recorded, lostByKill, deadLetters, disruptions, kills } of results) {
    const counts = {
      shown,
      accountable,
      recorded,
      lostByKill: lostByKill.length,
      deadLetters,
      kills,
      ...disruptions,
    };
    t.diagnostic(JSON.stringify(counts));
    assert.ok(shown > plan.events / 10, `only ${shown} restarts`);
    assert.ok(accountable > shown / 4, `only ${accountable} of ${shown}`);
    assert.ok(kills > 0);
    assert.ok(
      plan.disruptions.every((each) => disruptions[each] > 0),
      JSON.stringify(counts),
    );
  }
});
