import type { ReasonKind } from '../reason-kind.ts';
import { svgElement } from './elements.ts';

/** The outline of each kind around the origin, of about the same area, so that none looks more important. */
export const markShapes: Readonly<Record<ReasonKind, string>> = {
  memory: 'M0-7 7 0 0 7-7 0Z',
  error: 'M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0-10.4 0Z',
  signal: 'M0-6.4 6.4 5H-6.4Z',
  start: 'M0 6.4-6.4-5H6.4Z',
  completed: 'M-4.7-4.7H4.7V4.7H-4.7Z',
  unknown: 'M-5.6-3.4-3.4-5.6 0-2.2 3.4-5.6 5.6-3.4 2.2 0 5.6 3.4 3.4 5.6 0 2.2-3.4 5.6-5.6 3.4-2.2 0Z',
  other: 'M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z',
};

/** A mark beside a text. */
export function markIcon(kind: ReasonKind): SVGSVGElement {
  const icon = svgElement('svg', { class: `icon ${kind}`, viewBox: '-8 -8 16 16', 'aria-hidden': 'true' });
  icon.append(svgElement('path', { d: markShapes[kind] }));
  return icon;
}
