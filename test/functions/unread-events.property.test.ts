import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBody, type Treatment } from '../helpers/acknowledged-body.ts';
import { anyPodBody } from '../helpers/pod-bodies.ts';

test('no event that shows a termination is acknowledged unread, however its body is written, split or damaged', async () => {
  const counts = new Map<Treatment, number>();
  await fc.assert(
    fc.asyncProperty(anyPodBody, async (body) => {
      const treatment = await compareBody(body);
      counts.set(treatment, (counts.get(treatment) ?? 0) + 1);
    }),
    { numRuns: 3000 },
  );
  for (const treatment of ['recorded', 'nothing to record', 'refused', 'invalid and not read'] as const)
    assert.ok((counts.get(treatment) ?? 0) > 5, `${treatment}: ${counts.get(treatment)} bodies`);
});
