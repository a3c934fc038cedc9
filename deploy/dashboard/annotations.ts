import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as expressions from './expressions.ts';
import { datasource } from './query.ts';

/** A mark at each restart's own time, which is the value of its series. */
function marks(name: string, expression: string, color: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .expr(expression)
    .useValueForTime(true)
    .titleFormat('{{namespace}}/{{pod}}: {{container}}')
    .textFormat('restart {{restart_count}}, {{reason}} ({{exit_code}})')
    .tagKeys('reason')
    .iconColor(color);
}

/** Those of all restarts are too many for most ranges, so they are chosen when they are wanted. */
export const annotations = [
  marks('OOM kills', expressions.oomKillTimes, 'red').enable(true),
  marks('All restarts', expressions.restartTimes, 'orange').enable(false),
];
