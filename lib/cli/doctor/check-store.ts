import { storeRetention } from '../../prometheus/store-retention.ts';
import { goDurationSeconds } from '../../restarts/go-duration.ts';
import { shortDuration } from '../output/short-duration.ts';
import { type Finding, right, unknown, wrong } from './finding.ts';

/** How far back an instant query of a VictoriaMetrics looks where its flag does not say. */
const lookbackByDefault = '5m';

/**
 * Whether a VictoriaMetrics that takes the pushes keeps each record, once, and finds it.
 *
 * @param flags Its flags; those that the pushes go past, as in the cluster version, are not checked.
 * @param retentionSeconds `RETENTION`; `Infinity` where any age is recorded.
 */
export function checkStore(flags: ReadonlyMap<string, string>, retentionSeconds: number): readonly Finding[] {
  const wanted = Number.isFinite(retentionSeconds)
    ? `RETENTION is ${shortDuration(retentionSeconds)}`
    : 'RETENTION has no limit';
  return [
    right('Pushgateway', 'a VictoriaMetrics answers, which stores each record with its own time'),
    retentionFinding(flags, retentionSeconds, wanted),
    deduplicationFinding(flags.get('dedup.minScrapeInterval')),
    lookbackFinding(flags.get('search.maxLookback'), retentionSeconds, wanted),
  ];
}

function retentionFinding(
  flags: ReadonlyMap<string, string>,
  retentionSeconds: number,
  wanted: string,
): Finding {
  const subject = 'retention';
  const kept = storeRetention(flags);
  if (kept === undefined) {
    const remedy = 'let it be longer than RETENTION: what is older is dropped without an error';
    return unknown(subject, '-retentionPeriod is not known', remedy);
  }
  const flag = `-retentionPeriod=${kept.flag}`;
  if (kept.seconds >= retentionSeconds) return right(subject, `${flag} keeps what is recorded; ${wanted}`);
  const fact = `${flag} drops older records without an error, and ${wanted}`;
  return wrong(subject, fact, 'raise -retentionPeriod, or lower RETENTION');
}

function deduplicationFinding(interval: string | undefined): Finding {
  const subject = 'deduplication';
  if (interval !== undefined && interval !== '' && interval !== '0s') {
    return right(subject, `-dedup.minScrapeInterval=${interval} keeps one sample of each record`);
  }
  const fact = 'is off: each push of a record is a sample, and count_over_time counts them';
  return unknown(subject, fact, 'start VictoriaMetrics with -dedup.minScrapeInterval=1ms');
}

function lookbackFinding(flag: string | undefined, retentionSeconds: number, wanted: string): Finding {
  const subject = 'look-back';
  const seconds = goDurationSeconds(flag ?? '') ?? 0;
  if (seconds > 0 && seconds >= retentionSeconds) {
    return right(subject, `-search.maxLookback=${flag} lets instant queries find every record; ${wanted}`);
  }
  const shown = seconds > 0 ? shortDuration(seconds) : lookbackByDefault;
  const hours = Math.ceil(retentionSeconds / 3600);
  const value = Number.isFinite(hours) ? `=${hours}h` : '';
  return unknown(
    subject,
    `instant queries find no restart that ended more than ${shown} ago, and ${wanted}`,
    `start VictoriaMetrics with -search.maxLookback${value}, or ask by last_over_time`,
  );
}
