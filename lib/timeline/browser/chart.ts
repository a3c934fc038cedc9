import { scaleTime, scaleUtc } from 'd3-scale';
import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom';
import type { ShownRestart } from '../timeline-data.ts';
import { utcZone, type Zone } from '../zone.ts';
import { drawGrid } from './draw-grid.ts';
import { activeId, drawLanes, type TimeScale } from './draw-lanes.ts';
import { byId } from './elements.ts';
import { heightOf, type LaneRow, laneHeight, type Mark, type Row, rowAt, rowsOf } from './rows.ts';

/** The lanes and their axis. */
export interface Chart {
  /** Shows these restarts, and keeps the time range where one has been chosen. */
  show(restarts: readonly ShownRestart[], range: TimeRange, zone: Zone): void;
  rows(): readonly Row[];
  /** Marks a restart as chosen, brings it into view, and says where it is on the screen. */
  choose(mark: Mark, row: Row): DOMRect | undefined;
  leave(): void;
  chosen(): ShownRestart | undefined;
  /** The mark nearest to a point of the screen, if one is close. */
  markAt(clientX: number, clientY: number): { readonly mark: Mark; readonly at: DOMRect } | undefined;
  /** Above 1 zooms in, around the chosen mark or the middle. */
  zoomBy(factor: number): void;
  /** By a part of the width; above 0 later. */
  panBy(part: number): void;
  reset(): void;
}

/** In Unix seconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const overscan = 8;
const closest = 12;
/** The closest view, in seconds. */
const shortestRange = 20;
/** What a page of paper in landscape takes, in pixels. */
const printedWidth = 728;

export function createChart(): Chart {
  const scroller = byId('scroller', HTMLDivElement);
  const sheet = byId('sheet', HTMLDivElement);
  const labels = byId('labels', HTMLDivElement);
  const lanes = byId('lanes', SVGSVGElement);
  const axis = byId('axis', SVGSVGElement);

  let rows: readonly Row[] = [];
  let active: ShownRestart | undefined;
  let width = 1;
  let isPrinting = false;
  let frame = 0;
  let transform: ZoomTransform = zoomIdentity;
  let zone = utcZone;
  let whole: TimeScale = scaleUtc();

  const zooming = zoom<Element, unknown>()
    .filter((event: Event) => wantsZoom(event))
    .wheelDelta(zoomOfWheel)
    // No animation: see no-transition.ts.
    .duration(0)
    .on('zoom', ({ transform: next }: D3ZoomEvent<Element, unknown>) => {
      transform = next;
      // Both elements take part in one zoom.
      for (const zoomed of [lanes, axis]) Reflect.set(zoomed, '__zoom', next);
      scheduleDraw();
    });
  select<Element, unknown>(lanes).call(zooming);
  select<Element, unknown>(axis).call(zooming);

  const x = () => transform.rescaleX(whole);

  function scheduleDraw(): void {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function draw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const scale = x();
    const first = isPrinting ? 0 : Math.max(rowAt(rows, scroller.scrollTop) - overscan, 0);
    const end = isPrinting
      ? rows.length
      : rowAt(rows, scroller.scrollTop + scroller.clientHeight) + 1 + overscan;
    const drawn = rows.slice(first, end);
    drawLanes({ lanes, labels, x: scale, rows: drawn, width, active, zone });
    drawGrid({ axis, lanes, x: scale, height: heightOf(drawn) - (drawn[0]?.top ?? 0), width, zone });
    if (active !== undefined && lanes.querySelector(`#${activeId}`) !== null) {
      lanes.setAttribute('aria-activedescendant', activeId);
    } else lanes.removeAttribute('aria-activedescendant');
  }

  function measure(): void {
    const next = isPrinting ? printedWidth : Math.max(scroller.clientWidth - labels.offsetWidth, 50);
    if (next === width) return;
    const range = x().domain();
    width = next;
    whole.range([0, width]);
    limitZoom();
    showRange(range);
  }

  function limitZoom(): void {
    const [from, to] = whole.domain();
    const seconds = ((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 1000;
    zooming
      .extent([
        [0, 0],
        [width, 1],
      ])
      .translateExtent([
        [0, 0],
        [width, 1],
      ])
      .scaleExtent([1, Math.max(seconds / shortestRange, 1)]);
  }

  function showRange([from, to]: readonly Date[]): void {
    const [start, end] = [whole(from ?? 0), whole(to ?? 0)];
    const scale = Math.max(width / Math.max(end - start, 1e-6), 1);
    move(scale === 1 ? zoomIdentity : zoomIdentity.scale(scale).translate(-start, 0));
  }

  function move(next: ZoomTransform): void {
    select<Element, unknown>(lanes).call(zooming.transform, next);
  }

  function screenOf(mark: Mark, row: Row): DOMRect {
    const { left, top } = sheet.getBoundingClientRect();
    const at = left + labels.offsetWidth + x()(mark.time * 1000);
    return new DOMRect(at - 8, top + row.top + laneHeight / 2 - 8, 16, 16);
  }

  scroller.addEventListener('scroll', scheduleDraw, { passive: true });
  new ResizeObserver(() => {
    measure();
    scheduleDraw();
  }).observe(scroller);
  const print = (on: boolean) => () => {
    isPrinting = on;
    measure();
    draw();
  };
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));

  return {
    show(restarts, { from, to }, nextZone) {
      const range = x().domain();
      const wasWhole = transform.k === 1;
      rows = rowsOf(restarts);
      if (nextZone !== zone) {
        zone = nextZone;
        // The ticks of the one stand at the round times of UTC, of the other at those of the browser's zone.
        whole = (zone === utcZone ? scaleUtc() : scaleTime()).range([0, width]);
      }
      whole.domain([from * 1000, to * 1000]);
      sheet.style.height = `${heightOf(rows)}px`;
      measure();
      limitZoom();
      if (active !== undefined && !restarts.includes(active)) active = undefined;
      if (wasWhole) move(zoomIdentity);
      else showRange(range);
      draw();
    },
    rows: () => rows,
    choose(mark, row) {
      active = mark.restart;
      const at = x()(mark.time * 1000);
      if (at < 10 || at > width - 10) {
        const centre = (width / 2 - whole(mark.time * 1000) * transform.k - transform.x) / transform.k;
        select<Element, unknown>(lanes).call(zooming.translateBy, centre, 0);
      }
      if (row.top < scroller.scrollTop) scroller.scrollTop = row.top - laneHeight;
      const below = row.top + row.height - scroller.scrollTop - scroller.clientHeight;
      if (below > 0) scroller.scrollTop += below + laneHeight;
      draw();
      return screenOf(mark, row);
    },
    leave() {
      active = undefined;
      draw();
    },
    chosen: () => active,
    markAt(clientX, clientY) {
      const box = sheet.getBoundingClientRect();
      const row = rows[rowAt(rows, clientY - box.top)];
      if (row?.kind !== 'lane') return undefined;
      const time =
        x()
          .invert(clientX - box.left - labels.offsetWidth)
          .getTime() / 1000;
      const mark = nearest(row, time);
      if (mark === undefined) return undefined;
      const at = screenOf(mark, row);
      return Math.abs(at.x + 8 - clientX) > closest ? undefined : { mark, at };
    },
    zoomBy(factor) {
      const mark = rows
        .flatMap((row) => (row.kind === 'lane' ? row.marks : []))
        .find(({ restart }) => restart === active);
      const around = mark === undefined ? width / 2 : x()(mark.time * 1000);
      select<Element, unknown>(lanes).call(zooming.scaleBy, factor, [around, 0]);
    },
    panBy(part) {
      select<Element, unknown>(lanes).call(zooming.translateBy, (-part * width) / transform.k, 0);
    },
    reset: () => move(zoomIdentity),
  };
}

/** The mark of a lane that is the nearest in time. */
export function nearest({ marks }: LaneRow, time: number): Mark | undefined {
  let best: Mark | undefined;
  for (const mark of marks) {
    if (best === undefined || Math.abs(mark.time - time) < Math.abs(best.time - time)) best = mark;
  }
  return best;
}

/** A plain wheel scrolls the lanes; with Ctrl or ⌘, or as the pinch of a touchpad, it zooms. */
function wantsZoom(event: Event): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  return !(event instanceof MouseEvent) || event.button === 0;
}

/** As a power of two. A pinch comes as many small turns of a wheel, a wheel as a few large ones. */
function zoomOfWheel({ deltaY, deltaMode }: WheelEvent): number {
  const pixels = deltaMode === WheelEvent.DOM_DELTA_LINE ? deltaY * 25 : deltaY;
  return -pixels * (Math.abs(pixels) < 40 ? 0.01 : 0.003);
}
