/**
 * Stands in for `d3-transition`, which d3-zoom needs only to animate a double click: with it, and what it imports, the page's
 * script would be a sixth larger. Nothing is animated, so there is nothing to interrupt.
 */
import { selection } from 'd3-selection';

Reflect.set(selection.prototype, 'interrupt', function keep(this: unknown) {
  return this;
});

export function interrupt(): void {}
