/** Where a key scrolls the messages to. Pure; all lengths are CSS pixels. */

export type Scrolled = { top: number; page: number; end: number };

const LINE = 40;
/** So much of a page stays in sight, so that the eye finds its line again. */
const KEPT = 48;

/** Keys that scroll the thread from the composer too, where the others move the caret. */
export const pageKeys = ['PageUp', 'PageDown'];

/** The new top edge; null for a key that does not scroll. */
export function scrolledTo(key: string, { top, page, end }: Scrolled): number | null {
  const whole = Math.max(page - KEPT, page / 2);
  const goals: Record<string, number> = {
    ArrowUp: top - LINE,
    ArrowDown: top + LINE,
    PageUp: top - whole,
    PageDown: top + whole,
    Home: 0,
    End: end,
  };
  const goal = goals[key];
  return goal === undefined ? null : Math.max(0, Math.min(goal, end));
}
