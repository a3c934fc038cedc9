import { downSeconds, restartTime, runSeconds } from '../../restarts/restart.ts';
import { readableDuration } from '../readable-duration.ts';
import { reasonKind } from '../reason-kind.ts';
import { groupName, type ShownRestart } from '../timeline-data.ts';
import { timeIn, type Zone } from '../zone.ts';
import { element } from './elements.ts';
import { markIcon } from './marks.ts';

/** Everything that is known of a restart, as the content of the box that hovering and focus show. */
export function detailsOf(restart: ShownRestart, zone: Zone): readonly HTMLElement[] {
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
    ['Started', time(startedAt, zone)],
    ['Ended', time(finishedAt, zone)],
    ['Ran', ran],
    [
      'Runs again',
      restartedAt === undefined ? '' : time(restartedAt, zone) + (down === '' ? '' : `, after ${down}`),
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
export function sentenceOf(restart: ShownRestart, zone: Zone): string {
  const { lane, ordinal, reason, exitCode } = restart;
  const ran = readableDuration(runSeconds(restart));
  const parts = [
    `${reason} (${exitCode})`,
    `${lane.container} of ${lane.namespace}/${lane.pod}`,
    `restart ${ordinal}`,
  ];
  return [...parts, time(restartTime(restart), zone), ...(ran === '' ? [] : [`after ${ran}`])].join(', ');
}

function time(unixSeconds: number | undefined, zone: Zone): string {
  return unixSeconds === undefined ? '' : `${timeIn(zone, unixSeconds)} ${zone.name}`;
}
