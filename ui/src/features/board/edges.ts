/**
 * Scrolls the strip of columns while what is dragged is near one of its ends, the faster the nearer.
 *
 * Promises: by the time that passed and not by frames; nothing while the pointer is elsewhere, and nothing after the drag.
 */

/** So near, CSS pixels; of a narrow strip at most a quarter. */
const NEAR = 64;
/** At the very end, CSS pixels in a millisecond. */
const FASTEST = 1;
/** A frame that came later than this was held up, milliseconds: the strip makes no jump for it. */
const LONGEST = 50;

type Spot = { x: number; y: number };
type Box = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>;

/** How fast it scrolls, CSS pixels in a millisecond; to the left below 0. */
export function speed({ x, y }: Spot, { left, right, top, bottom }: Box): number {
  if (x < left || x > right || y < top || y > bottom) return 0;
  const near = Math.min(NEAR, (right - left) / 4);
  if (x < left + near) return (-FASTEST * (left + near - x)) / near;
  if (x > right - near) return (FASTEST * (x - right + near)) / near;
  return 0;
}

/** Scrolls until the returned function is called. `moved`: something else may lie under the pointer now. */
export function scrollAtEdges(strip: HTMLElement, at: () => Spot, moved: () => void): () => void {
  let before: number | null = null;
  /** Less than a pixel, which a browser would forget. */
  let rest = 0;
  let frame = requestAnimationFrame(step);

  function step(now: number) {
    const passed = before === null ? 0 : Math.min(now - before, LONGEST);
    before = now;
    const by = speed(at(), strip.getBoundingClientRect()) * passed;
    rest = by === 0 ? 0 : rest + by;
    const whole = Math.trunc(rest);
    if (whole !== 0) {
      rest -= whole;
      const from = strip.scrollLeft;
      strip.scrollLeft = from + whole;
      if (strip.scrollLeft !== from) moved();
    }
    frame = requestAnimationFrame(step);
  }

  return () => cancelAnimationFrame(frame);
}
