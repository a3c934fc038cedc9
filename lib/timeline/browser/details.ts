import { downSeconds, restartTime, runSeconds } from '../../restarts/restart.ts';
import { readableDuration } from '../readable-duration.ts';
import { reasonKind } from '../reason-kind.ts';
import { utc } from '../table-rows.ts';
import { groupName, type ShownRestart } from '../timeline-data.ts';
import { element } from './elements.ts';
import { markIcon } from './marks.ts';

/** Everything that is known of a restart, as the content of the box that hovering and focus show. */
export function detailsOf(restart: ShownRestart): readonly HTMLElement[] {
  const { lane, ordinal, reason, exitCode, startedAt, finishedAt, restartedAt, node, image } = restart;
  const title = element('p', { class: 'title' }, markIcon(reasonKind(reason)), `${reason} (${exitCode})`);
  const ran = readableDuration(runSeconds(restart));
  const down = readableDuration(downSeconds(restart));
  const facts: readonly (readonly [string, string])[] = [
    [
      'Container',
      lane.containerKind === 'container' ? lane.container : `${lane.container} (${lane.containerKind})`,
    ],
    ['Pod', lane.pod],
    ['Workload', lane.workload === '' ? '' : `${groupName(lane)} (${lane.workloadType})`],
    ['Restart', `number ${ordinal}`],
    ['Started', time(startedAt)],
    ['Ended', time(finishedAt)],
    ['Ran', ran],
    [
      'Runs again',
      restartedAt === undefined ? '' : time(restartedAt) + (down === '' ? '' : `, after ${down}`),
    ],
    ['Node', node],
    ['Image', image],
  ];
  const list = element('dl');
  for (const [name, value] of facts) {
    if (value !== '') list.append(element('dt', {}, name), element('dd', {}, value));
  }
  return [title, list];
}

/** A restart in one sentence, for those who do not see its mark. */
export function sentenceOf(restart: ShownRestart): string {
  const { lane, ordinal, reason, exitCode } = restart;
  const ran = readableDuration(runSeconds(restart));
  const parts = [
    `${reason} (${exitCode})`,
    `${lane.container} of ${lane.namespace}/${lane.pod}`,
    `restart ${ordinal}`,
  ];
  return [...parts, time(restartTime(restart)), ...(ran === '' ? [] : [`after ${ran}`])].join(', ');
}

function time(unixSeconds: number | undefined): string {
  return unixSeconds === undefined ? '' : `${utc(unixSeconds).slice(0, 19).replace('T', ' ')} UTC`;
}
