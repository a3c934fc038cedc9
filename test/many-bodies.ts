import fc from 'fast-check';
import { compareBody } from './helpers/acknowledged-body.ts';
import { anyPodBody } from './helpers/pod-bodies.ts';

/**
 * `npm run test:bodies -- 1000000`: what the property test of unread events holds for 3,000 bodies, for any number of
 * them. Prints how many were treated in which way; ends with 1 at the first difference.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const counts: Record<string, number> = {};

const details = await fc.check(
  fc.asyncProperty(anyPodBody, async (body) => {
    const treatment = await compareBody(body);
    counts[treatment] = (counts[treatment] ?? 0) + 1;
  }),
  { numRuns: count },
);

process.stdout.write(`${JSON.stringify({ seed: details.seed, bodies: details.numRuns, ...counts })}\n`);
if (details.failed) {
  process.stderr.write(`${fc.defaultReportMessage(details)}\n`);
  process.exitCode = 1;
}
