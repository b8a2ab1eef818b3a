import { describe, expect, test } from 'vitest';
import { dayFrom, monthFrom, weekBegins, weeks } from './month';

const at = (year: number, month: number, day: number, hour = 15) =>
  new Date(year, month - 1, day, hour).getTime();

test('a day begins at midnight, also across the end of a month', () => {
  expect(dayFrom(at(2026, 11, 30))).toBe(at(2026, 11, 30, 0));
  expect(dayFrom(at(2026, 11, 30), 1)).toBe(at(2026, 12, 1, 0));
});

test('a month away from the 31st is the last day of a shorter one', () => {
  expect(monthFrom(at(2026, 3, 31), -1)).toBe(at(2026, 2, 28, 0));
  expect(monthFrom(at(2026, 12, 31), 1)).toBe(at(2027, 1, 31, 0));
});

describe('the weeks of November 2026, which begins on a Sunday', () => {
  test.each([
    ['Monday', 1, 26, 6],
    ['Sunday', 0, 1, 5],
  ])('begin on %s', (_, begins, first, count) => {
    const rows = weeks(at(2026, 11, 20), begins);
    expect(rows).toHaveLength(count);
    expect(rows[0]![0]!.day).toBe(first);
    const days = rows.flat().filter(({ inMonth }) => inMonth);
    expect(days.map(({ day }) => day)).toEqual(Array.from({ length: 30 }, (_, day) => day + 1));
  });
});

test.each(['', 'c', 'C.UTF-8', 'no_such'])(
  'a system whose language is %j has a calendar',
  (language) => {
    expect(weekBegins(language)).toBe(1);
  },
);
