import fc from 'fast-check';
import { compareRecords } from './helpers/compare-records.ts';
import { anyHistory, reportedStatuses } from './helpers/kubelet-scenario.ts';

/**
 * `npm run test:histories -- 1000000`: what the property test of the records holds for 2,000 histories of
 * Pods, for any number of histories. Prints the counts; ends with 1 at the first difference.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const counts = {
  histories: 0,
  statuses: 0,
  restarts: 0,
  shownInStateAlone: 0,
  missing: 0,
  wrong: 0,
  twice: 0,
};

const details = fc.check(
  fc.property(anyHistory, (history) => {
    const statuses = reportedStatuses(history);
    const { shown, shownInStateAlone, missing, wrong, twice } = compareRecords(statuses);
    counts.histories += 1;
    counts.statuses += statuses.length;
    counts.restarts += shown;
    counts.shownInStateAlone += shownInStateAlone;
    counts.missing += missing.length;
    counts.wrong += wrong.length;
    counts.twice += twice.length;
    return missing.length + wrong.length + twice.length === 0;
  }),
  { numRuns: count },
);

process.stdout.write(`${JSON.stringify({ seed: details.seed, ...counts })}\n`);
if (details.failed) {
  process.stderr.write(`${fc.defaultReportMessage(details)}\n`);
  process.exitCode = 1;
}
