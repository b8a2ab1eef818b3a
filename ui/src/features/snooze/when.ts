/**
 * Until when a thread can sleep: the moments that are offered, and one that somebody writes. Pure.
 *
 * All of it in the zone of this computer, which is where the agent's day is; `nowMs` is Meta's time as the desk knows it.
 */
import type { ThreadRow } from '$lib/contract';

const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;
/** Later today is so much later. */
const LATER_MS = 3 * HOUR_MS;
/** When a working day begins. */
const MORNING = 9;
const MONDAY = 1;
/** No thread sleeps longer; the relay refuses it. */
const LONGEST_MS = 366 * 24 * HOUR_MS;

export type Offer = {
  key: 'inAnHour' | 'laterToday' | 'tomorrow' | 'monday' | 'nextMonday';
  untilMs: number;
};

/** What can be picked at once; later today only while there is enough of it left, then an hour. */
export function offers(nowMs: number): Offer[] {
  const later = Math.ceil((nowMs + LATER_MS) / HALF_HOUR_MS) * HALF_HOUR_MS;
  const today = new Date(nowMs);
  const toMonday = (MONDAY - today.getDay() + 7) % 7 || 7;
  const all: Offer[] = [{ key: 'tomorrow', untilMs: morningIn(1, nowMs) }];
  if (isSameDay(later, nowMs)) all.unshift({ key: 'laterToday', untilMs: later });
  else all.unshift({ key: 'inAnHour', untilMs: nowMs + HOUR_MS });
  const key = toMonday === 7 ? 'nextMonday' : 'monday';
  if (toMonday > 1) all.push({ key, untilMs: morningIn(toMonday, nowMs) });
  return all;
}

/** Nine o'clock, so many days from now. */
export function morningIn(days: number, nowMs: number): number {
  const day = new Date(nowMs);
  day.setDate(day.getDate() + days);
  return day.setHours(MORNING, 0, 0, 0);
}

function isSameDay(oneMs: number, otherMs: number): boolean {
  return new Date(oneMs).toDateString() === new Date(otherMs).toDateString();
}

export type Moment = { untilMs: number } | { fault: 'none' | 'past' | 'far' };

/**
 * A date and a time as they are written, "2026-11-30" and "9:05". Where clocks are put forward, what is left out of the day
 * is the moment after it.
 */
export function written(date: string, time: string, nowMs: number): Moment {
  const [, year, month, day] = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(date)?.map(Number) ?? [];
  const [, hours, minutes] = /^\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*$/.exec(time)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return { fault: 'none' };
  if (hours === undefined || minutes === undefined) return { fault: 'none' };
  if (hours > 23 || minutes > 59) return { fault: 'none' };
  const at = new Date(year, month - 1, day, hours, minutes);
  // The 31st of a month that has none would be a day of the next.
  if (at.getMonth() !== month - 1 || at.getDate() !== day) return { fault: 'none' };
  const untilMs = at.getTime();
  if (untilMs <= nowMs) return { fault: 'past' };
  return untilMs - nowMs > LONGEST_MS ? { fault: 'far' } : { untilMs };
}

/** A moment as it is written: its date and its time. */
export function asWritten(ms: number): { date: string; time: string } {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** What ends before a thread would wake, the nearest first; null where nothing does. */
export function endsBefore(
  row: ThreadRow,
  untilMs: number,
  nowMs: number,
): { what: 'free' | 'late' | 'control'; atMs: number } | null {
  const { freeUntilMs, lateUntilMs, owner } = row;
  const isOpen = freeUntilMs !== null && freeUntilMs > nowMs;
  const ends = [
    { what: 'free' as const, atMs: freeUntilMs },
    // A late reply is what is left once the other is over.
    { what: 'late' as const, atMs: isOpen ? null : lateUntilMs },
    { what: 'control' as const, atMs: owner.owner === 'ours' ? owner.untilMs : null },
  ];
  const before = ends.flatMap(({ what, atMs }) =>
    atMs !== null && atMs > nowMs && atMs < untilMs ? [{ what, atMs }] : [],
  );
  return before.sort((a, b) => a.atMs - b.atMs)[0] ?? null;
}
