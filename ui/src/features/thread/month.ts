/** The days of a month as a calendar shows them, in the user's zone. Pure. */

export type Day = { fromMs: number; day: number; inMonth: boolean };

/** The first moment of a day, some days away from the one that a moment is in. */
export function dayFrom(ms: number, days = 0): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
}

/** The same day some months away, or the last of a month that is shorter. */
export function monthFrom(ms: number, months: number): number {
  const at = new Date(ms);
  const last = new Date(at.getFullYear(), at.getMonth() + months + 1, 0).getDate();
  return new Date(at.getFullYear(), at.getMonth() + months, Math.min(at.getDate(), last)).getTime();
}

/** Whole weeks that hold the month of a moment; weeks begin on this day, 0 for Sunday. */
export function weeks(ms: number, weekBegins: number): Day[][] {
  const at = new Date(ms);
  const first = new Date(at.getFullYear(), at.getMonth(), 1);
  const before = (first.getDay() - weekBegins + 7) % 7;
  const days = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate();
  return Array.from({ length: Math.ceil((before + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, column) => {
      const date = new Date(at.getFullYear(), at.getMonth(), 1 + week * 7 + column - before);
      const inMonth = date.getMonth() === at.getMonth();
      return { fromMs: date.getTime(), day: date.getDate(), inMonth };
    }),
  );
}

/** The day that weeks begin with where the user lives, 0 for Sunday; Monday where the engine does not know. */
export function weekBegins(language = navigator.language): number {
  type Info = { firstDay?: number };
  type Weeks = { getWeekInfo?: () => Info; weekInfo?: Info };
  const MONDAY = 1;
  try {
    const locale: Intl.Locale & Weeks = new Intl.Locale(language);
    return ((locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? MONDAY) % 7;
  } catch {
    // A system without a language ("C") has no tag that the engine takes.
    return MONDAY;
  }
}
