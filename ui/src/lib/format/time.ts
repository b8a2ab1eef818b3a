/**
 * Times as people read them, in the user's locale and zone.
 *
 * All take milliseconds UTC; `nowMs` is Meta's time as the desk knows it, never the machine's own clock.
 */
import { words } from '$lib/words';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formatters = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, ms: number): string {
  const key = JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(undefined, options);
    formatters.set(key, formatter);
  }
  return formatter.format(ms);
}

/** "14:29", in the locale's way. */
export function clockTime(ms: number): string {
  return format({ timeStyle: 'short' }, ms);
}

/** The whole moment, for titles: "Friday, 20 November 2026 at 14:29:03". */
export function exact(ms: number): string {
  return format({ dateStyle: 'full', timeStyle: 'medium' }, ms);
}

/** A date with its year: "5 October 2026". */
export function longDate(ms: number): string {
  return format({ dateStyle: 'long' }, ms);
}

/** A stretch of time: "Mon, 5 Oct, 17:00 – 18:00". */
export function appointment(startMs: number, endMs: number | null): string {
  const begins = words.time.dayAt(weekdayDate(startMs), clockTime(startMs));
  if (endMs === null || endMs <= startMs) return begins;
  const ends =
    daysBetween(startMs, endMs) === 0
      ? clockTime(endMs)
      : words.time.dayAt(weekdayDate(endMs), clockTime(endMs));
  return words.time.until(begins, ends);
}

/**
 * What the clock shows somewhere else, with the day where it is another one there: "4:31", "Fri, 20 Nov, 22:31". Null for a
 * zone that nobody here knows.
 */
export function inZone(ms: number, timeZone: string): string | null {
  try {
    const time = format({ timeStyle: 'short', timeZone }, ms);
    const day = weekdayDate(ms, timeZone);
    return day === weekdayDate(ms) ? time : words.time.dayAt(day, time);
  } catch {
    return null;
  }
}

/** How many calendar days lie between two moments in the user's zone; negative for the past. */
export function daysBetween(fromMs: number, toMs: number): number {
  const midnight = (ms: number) => {
    const day = new Date(ms);
    return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  };
  return Math.round((midnight(toMs) - midnight(fromMs)) / DAY);
}

/** Short and relative, for rows: "now", "21 min", "3 h", "Yesterday", "Tue", "14 Aug". */
export function ago(ms: number, nowMs: number): string {
  const age = nowMs - ms;
  if (age < MINUTE) return words.time.now;
  if (age < HOUR) return words.time.minutes(Math.floor(age / MINUTE));
  const days = -daysBetween(nowMs, ms);
  if (days <= 0 || age < 6 * HOUR) return words.time.hours(Math.floor(age / HOUR));
  if (days === 1) return words.time.yesterday;
  if (days < 7) return format({ weekday: 'short' }, ms);
  return shortDate(ms, nowMs);
}

/** A date without the time: "14 Aug", with the year when it is another one. */
export function shortDate(ms: number, nowMs: number): string {
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return format({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, ms);
}

/** A moment in a sentence: "14:29", "tomorrow 14:29", "Fri, 27 Nov, 14:29". */
export function moment(ms: number, nowMs: number): string {
  const days = daysBetween(nowMs, ms);
  if (days === 0) return clockTime(ms);
  if (days === 1) return words.time.tomorrowAt(clockTime(ms));
  if (days === -1) return words.time.yesterdayAt(clockTime(ms));
  return words.time.dayAt(weekdayDate(ms), clockTime(ms));
}

/**
 * When something is done again, in a sentence: not before it, so with the next full minute. Null once that is over, and it
 * is a matter of moments.
 */
export function againAt(ms: number, nowMs: number): string | null {
  return ms <= nowMs ? null : moment(Math.ceil(ms / MINUTE) * MINUTE, nowMs);
}

/** The same where it follows a verb: "at 14:29", "tomorrow 14:29", "Fri, 27 Nov, 14:29". */
export function againWhen(ms: number, nowMs: number): string | null {
  const at = againAt(ms, nowMs);
  const isToday = at === clockTime(Math.ceil(ms / MINUTE) * MINUTE);
  return at !== null && isToday ? words.time.todayAt(at) : at;
}

/** A deadline days away, without its hour unless it is near: "Fri, 27 Nov". */
export function deadline(ms: number, nowMs: number): string {
  return daysBetween(nowMs, ms) > 1 ? weekdayDate(ms) : moment(ms, nowMs);
}

/** "Fri, 27 Nov", in the user's zone or another one. */
export function weekdayDate(ms: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return format({ weekday: 'short', day: 'numeric', month: 'short', ...zone }, ms);
}

/** A date line in a thread: "Today", "Yesterday", "Tuesday, 17 November". */
export function dayLine(ms: number, nowMs: number): string {
  const days = daysBetween(nowMs, ms);
  if (days === 0) return words.time.today;
  if (days === -1) return words.time.yesterday;
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return format(
    { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) },
    ms,
  );
}

/** "November 2026". */
export function monthName(ms: number): string {
  return format({ month: 'long', year: 'numeric' }, ms);
}

/** "Mo", as short as the locale has it. */
export function weekdayName(ms: number): string {
  return format({ weekday: 'short' }, ms);
}

/** What is left, in two units at most: "5 days 18 h", "3 h 20 min", "12 min", "under 1 min". Days come with the nearest hour. */
export function left(remainingMs: number): string {
  if (remainingMs < MINUTE) return words.time.underAMinute;
  const ms = remainingMs < DAY ? remainingMs : Math.round(remainingMs / HOUR) * HOUR;
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (days > 0) return joined(words.time.days(days), hours > 0 && words.time.hours(hours));
  if (hours > 0) return joined(words.time.hours(hours), minutes > 0 && words.time.minutes(minutes));
  return words.time.minutes(minutes);
}

/** What is left, in one unit, for tags: "5 d", "3 h", "12 min". Days are rounded to the hour first, as in `left`. */
export function leftShort(ms: number): string {
  if (ms < HOUR) return words.time.minutes(Math.max(1, Math.floor(ms / MINUTE)));
  if (ms < DAY) return words.time.hours(Math.floor(ms / HOUR));
  return words.time.daysShort(Math.floor((Math.round(ms / HOUR) * HOUR) / DAY));
}

function joined(first: string, second: string | false): string {
  return second ? `${first} ${second}` : first;
}
