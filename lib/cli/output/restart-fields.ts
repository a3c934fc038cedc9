import { rfc3339 } from '../../metrics/families.ts';
import { downSeconds, type Restart, restartId, runSeconds } from '../../restarts/restart.ts';

/** A restart for other programs: times in RFC 3339, durations in seconds, unknown is `null`. */
export function restartFields(restart: Restart): Readonly<Record<string, string | number | null>> {
  const { startedAt, finishedAt, restartedAt, ...rest } = restart;
  return {
    ...rest,
    restartId: restartId(restart),
    startedAt: rfc3339(startedAt) || null,
    finishedAt: rfc3339(finishedAt) || null,
    restartedAt: rfc3339(restartedAt) || null,
    ranSeconds: runSeconds(restart) ?? null,
    downSeconds: downSeconds(restart) ?? null,
  };
}
