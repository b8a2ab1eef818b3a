import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, NOW } from '../../test/people';
import { hue, initials } from './people';
import { money } from './numbers';
import { isEmojiOnly, lengthIn, pieces, shortFileName } from './text';
import {
  againAt,
  againWhen,
  ago,
  clockTime,
  dayLine,
  daysBetween,
  inZone,
  left,
  leftShort,
  moment,
} from './time';

describe('how long ago', () => {
  test.each([
    [10_000, 'now'],
    [21 * MINUTE, '21 min'],
    [59 * MINUTE + 59_000, '59 min'],
    [3 * HOUR, '3 h'],
    [15 * HOUR, 'Yesterday'],
    [3 * DAY, 'Tue'],
    [-5 * MINUTE, 'now'],
  ])('%i ms is %s', (age, said) => {
    expect(ago(NOW - age, NOW)).toBe(said);
  });

  test('a message of 23:50 is hours old at 01:00, not yesterday', () => {
    const night = Date.UTC(2026, 10, 20, 0, 0);
    expect(ago(night - 70 * MINUTE, night)).toBe('1 h');
  });

  test('another year is named', () => {
    expect(ago(Date.UTC(2024, 7, 14), NOW)).toContain('2024');
  });
});

describe('how much is left', () => {
  test.each([
    [30_000, 'under 1 min'],
    [12 * MINUTE, '12 min'],
    [3 * HOUR + 20 * MINUTE, '3 h 20 min'],
    [5 * DAY + 17 * HOUR + 59 * MINUTE, '5 days 18 h'],
    [DAY, '1 day'],
    [DAY - 1, '23 h 59 min'],
  ])('%i ms is %s', (ms, said) => {
    expect(left(ms)).toBe(said);
  });

  test('in tags it is one unit', () => {
    expect([leftShort(50_000), leftShort(3.9 * HOUR), leftShort(5.7 * DAY)]).toEqual([
      '1 min',
      '3 h',
      '5 d',
    ]);
  });
});

test('a moment names its day only when it is another', () => {
  expect(moment(NOW + MINUTE, NOW)).not.toContain('tomorrow');
  expect(moment(NOW + DAY, NOW)).toMatch(/^tomorrow /);
  expect(moment(NOW + 6 * DAY, NOW)).toMatch(/Thu/);
});

test('days are counted in the user’s zone, over a change to summer time too', () => {
  expect(daysBetween(Date.UTC(2026, 2, 28, 22, 59), Date.UTC(2026, 2, 28, 23, 1))).toBe(1);
  expect(daysBetween(Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 29, 12))).toBe(1);
  expect(dayLine(NOW - DAY, NOW)).toBe('Yesterday');
});

test.each([
  ['Tomasz Wilk', 'TW'],
  ['Ilse van Dam', 'ID'],
  ['ayumi.tea', 'AT'],
  ['👍 Mara', 'M'],
  ['أحمد', 'أ'],
  ['', '?'],
  ['🎉', '?'],
])('the initials of "%s" are %s', (name, marks) => {
  expect(initials(name)).toBe(marks);
});

test('a customer keeps one hue', () => {
  expect(hue('7540')).toBe(hue('7540'));
  for (const id of ['', '1', '75440', '🎉']) expect(hue(id)).toBeGreaterThanOrEqual(0);
});

test('characters and bytes are told apart', () => {
  expect(lengthIn('characters', 'né👍')).toBe(4);
  expect(lengthIn('bytes', 'né👍')).toBe(7);
});

test('addresses are found and nothing is lost', () => {
  const text =
    'See https://northwind.example/a?b=1, or (http://x.example/y). ftp://no javascript:alert(1)';
  const found = pieces(text);
  expect(found.map((piece) => piece.text).join('')).toBe(text);
  expect(found.filter((piece) => piece.kind === 'address').map((piece) => piece.text)).toEqual([
    'https://northwind.example/a?b=1',
    'http://x.example/y',
  ]);
});

test.each([
  ['👍', true],
  ['👍🏽', true],
  ['👨‍👩‍👧 ❤️', true],
  ['🇩🇪', true],
  ['👍👍👍👍', false],
  ['ok 👍', false],
  ['1', false],
  ['', false],
])('"%s" is only emoji: %s', (text, only) => {
  expect(isEmojiOnly(text)).toBe(only);
});

test('what is done again is never promised too early, and once its time is over it is a matter of moments', () => {
  expect(againAt(NOW + 25 * MINUTE, NOW)).toBe(clockTime(NOW + 25 * MINUTE));
  expect(againAt(NOW + 25 * MINUTE + 1, NOW)).toBe(clockTime(NOW + 26 * MINUTE));
  expect(againAt(NOW + DAY, NOW)).toMatch(/^tomorrow /);
  expect(againAt(NOW, NOW)).toBeNull();
  expect(againWhen(NOW + 25 * MINUTE, NOW)).toBe(`at ${clockTime(NOW + 25 * MINUTE)}`);
  expect(againWhen(NOW + DAY, NOW)).toMatch(/^tomorrow /);
  expect(againWhen(NOW, NOW)).toBeNull();
});

test('a time somewhere else names its day only where it is another one', () => {
  expect(inZone(NOW, 'America/New_York')).toMatch(/^0?8:31/);
  expect(inZone(NOW, 'Asia/Tokyo')).toMatch(/10:31|22:31/);
  expect(inZone(NOW, 'Pacific/Auckland')).toMatch(/^Sat.*, 0?2:31/);
  expect(inZone(NOW, 'Mars/Olympus')).toBeNull();
});

test('money taken off has a minus that is seen', () => {
  expect(money({ amount: -10, currency: 'EUR' })).toMatch(/^\u2212.*10/);
  expect(money({ amount: -10, currency: '?' })).toMatch(/^\u221210/);
  expect(money({ amount: 10, currency: 'EUR' })).not.toMatch(/[-\u2212]/);
});

test.each([
  ['invoice 4412.pdf', 'invoice 4412.pdf'],
  [`invoice-${'a'.repeat(80)}-4412.pdf`, `invoice-${'a'.repeat(25)}…aaaaa-4412.pdf`],
  [`${'請'.repeat(40)}.pdf`, `${'請'.repeat(16)}…${'請'.repeat(5)}.pdf`],
])('the name of a file keeps its ending: %s', (name, short) => {
  expect(shortFileName(name)).toBe(short);
});
