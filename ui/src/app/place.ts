/**
 * The places between which the focus moves.
 *
 * Promises: a letter becomes text for a customer only where somebody chose to write. What is done from the list
 * or from the thread leaves the focus there, whichever thread comes next.
 */
export type Place = 'list' | 'thread' | 'composer' | 'search';

/** The place that has the focus; the list when it is nowhere, or on a button. */
export function focusedPlace(): Place {
  const focused = document.activeElement;
  if (focused?.closest('[data-place=composer]')) return 'composer';
  return focused?.closest('[data-place=thread]') ? 'thread' : 'list';
}

/** Below this width of the window one pane is shown at a time, CSS pixels; the styles of the frame say the same. */
export const NARROW_PX = 760;

export function isNarrow(): boolean {
  return window.innerWidth < NARROW_PX;
}
