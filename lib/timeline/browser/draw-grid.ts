import { axisTop } from 'd3-axis';
import { select } from 'd3-selection';
import { utcFormat } from 'd3-time-format';
import { dateIn, type Zone } from '../zone.ts';
import type { TimeScale } from './draw-lanes.ts';

/** What the axis and the lines below it are drawn from; lengths in pixels. */
export interface Grid {
  readonly axis: SVGSVGElement;
  readonly lanes: SVGSVGElement;
  readonly x: TimeScale;
  readonly width: number;
  /** Of the rows that are drawn. */
  readonly height: number;
  readonly zone: Zone;
}

/** Draws the axis, its date, and a line through the lanes below each of its ticks. */
export function drawGrid({ axis, lanes, x, width, height, zone }: Grid): void {
  const count = Math.max(Math.floor(width / 110), 2);
  const ticks = axisTop<Date>(x)
    .ticks(count)
    .tickSize(6)
    .tickFormat((tick) => tickText(inZone(tick, zone)))
    .tickPadding(6);
  select<SVGSVGElement, unknown>(axis)
    .attr('width', width)
    .select<SVGGElement>('.ticks')
    .attr('transform', 'translate(0,35.5)')
    .call(ticks);
  select(axis)
    .select('.date')
    .text(utcFormat('%-d %B %Y')(inZone(x.invert(0), zone)));
  select(lanes)
    .select('.grid')
    .selectAll('line')
    .data(x.ticks(count))
    .join('line')
    .attr('class', 'gridline')
    .attr('x1', (tick) => Math.round(x(tick)) + 0.5)
    .attr('x2', (tick) => Math.round(x(tick)) + 0.5)
    .attr('y2', height);
}

const formats = [
  [1000, utcFormat('%H:%M:%S')],
  [60_000, utcFormat('%H:%M')],
  [86_400_000, utcFormat('%a %-d %b')],
] as const;

function inZone(date: Date, zone: Zone): Date {
  return dateIn(zone, date.getTime() / 1000);
}

/** The time of day, and at midnight the date. */
function tickText(date: Date): string {
  const time = date.getTime();
  const [, format] = formats.findLast(([unit]) => time % unit === 0) ?? formats[0];
  return format(date);
}
