import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openConnectionDoor } from './doors/connection.ts';
import { doors, fuzz, shares } from './run.ts';

const connection = openConnectionDoor();
after(() => connection[Symbol.asyncDispose]());

// `npm run fuzz -- --inputs 10000000` is the same for any number of inputs, with a new seed each time.
for (const [door, inputs] of shares([...doors, connection], 100_000))
  test(`${inputs} inputs at the door "${door.name}" are accepted or refused`, async () => {
    const { counts, finding } = await fuzz(door, { inputs, seed: 1 });
    assert.equal(finding?.error, undefined, finding?.input.toString('latin1'));
    assert.equal(counts.inputs, inputs);
    // The corpus is accepted, and the mutations change something.
    assert.ok(counts.accepted > inputs / 10 && counts.refused > inputs / 20, JSON.stringify(counts));
  });
