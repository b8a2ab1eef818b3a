import { describe, expect, test } from 'vitest';
import { HOUR, idle, MINUTE, ours, row } from '../../test/people';
import { asWritten, endsBefore, morningIn, offers, written } from './when';

/** In the zone of whoever runs the test. */
const at = (day: number, hours: number, minutes = 0) =>
  new Date(2026, 10, day, hours, minutes).getTime();
/** Friday. */
const FRIDAY = at(20, 14, 31);

describe('what is offered', () => {
  test('later today to the half hour, tomorrow and Monday at nine', () => {
    expect(offers(FRIDAY)).toEqual([
      { key: 'laterToday', untilMs: at(20, 18) },
      { key: 'tomorrow', untilMs: at(21, 9) },
      { key: 'monday', untilMs: at(23, 9) },
    ]);
  });

  test('on a full half hour three hours are three hours', () => {
    expect(offers(at(20, 14, 30))[0]).toEqual({ key: 'laterToday', untilMs: at(20, 17, 30) });
  });

  test.each([
    [
      'late in the evening there is an hour, and no later today',
      at(20, 21, 1),
      ['inAnHour', 'tomorrow', 'monday'],
    ],
    ['at its very end too', at(20, 23, 59), ['inAnHour', 'tomorrow', 'monday']],
    ['on a Sunday tomorrow is Monday', at(22, 10), ['laterToday', 'tomorrow']],
    ['on a Monday it is the next one', at(23, 10), ['laterToday', 'tomorrow', 'nextMonday']],
  ])('%s', (_, now, keys) => {
    expect(offers(now).map(({ key }) => key)).toEqual(keys);
  });

  test('an hour is an hour, past midnight too', () => {
    expect(offers(at(20, 21, 1))[0]).toEqual({ key: 'inAnHour', untilMs: at(20, 22, 1) });
    expect(offers(at(20, 23, 30))[0]).toEqual({ key: 'inAnHour', untilMs: at(21, 0, 30) });
  });

  test('nine in the morning stays nine where clocks are changed meanwhile', () => {
    // The last Sunday of March and of October, and of other months where others change theirs.
    for (let month = 0; month < 12; month += 1) {
      const before = new Date(2026, month, 24, 12).getTime();
      expect(new Date(morningIn(14, before)).getHours()).toBe(9);
    }
  });
});

describe('what is written', () => {
  test.each([
    ['2026-11-30', '09:00', { untilMs: at(30, 9) }],
    [' 2026-11-3 ', '9:05', { fault: 'past' }],
    ['2026-11-20', '14:32', { untilMs: at(20, 14, 32) }],
    ['2026-11-20', '14:31', { fault: 'past' }],
    ['2026-11-31', '09:00', { fault: 'none' }],
    ['2026-11-30', '24:00', { fault: 'none' }],
    ['2026-11-30', '', { fault: 'none' }],
    ['', '09:00', { fault: 'none' }],
    ['tomorrow', '09:00', { fault: 'none' }],
    ['2027-11-22', '09:00', { fault: 'far' }],
    ['2027-11-20', '09:00', { untilMs: new Date(2027, 10, 20, 9).getTime() }],
  ])('%s, %s', (date, time, moment) => {
    expect(written(date, time, FRIDAY)).toEqual(moment);
  });

  test('a moment reads back as it was written', () => {
    const { date, time } = asWritten(at(3, 7, 5));
    expect([date, time]).toEqual(['2026-11-03', '07:05']);
    expect(written(date, time, at(1, 0))).toEqual({ untilMs: at(3, 7, 5) });
  });
});

describe('what ends before it wakes', () => {
  const now = FRIDAY;
  const open = row({
    thread: 1,
    name: 'Mara',
    owner: idle,
    freeUntilMs: now + 2 * HOUR,
    lateUntilMs: now + 100 * HOUR,
  });
  const over = { ...open, freeUntilMs: now - HOUR };

  test.each([
    ['the time to reply freely', open, 3 * HOUR, 'free'],
    ['nothing, when it wakes at that very moment', open, 2 * HOUR, null],
    ['the time for a late reply, once the other is over', over, 101 * HOUR, 'late'],
    ['nothing, while a late reply is possible long enough', over, 99 * HOUR, null],
    [
      'control, where it lapses first',
      { ...open, owner: { ...ours, untilMs: now + HOUR } },
      3 * HOUR,
      'control',
    ],
    [
      'nothing of another app’s control',
      { ...over, owner: { ...ours, owner: 'other' as const, untilMs: now + HOUR } },
      3 * HOUR,
      null,
    ],
    [
      'nothing where no customer ever wrote',
      { ...over, freeUntilMs: null, lateUntilMs: null },
      MINUTE,
      null,
    ],
  ])('%s', (_, thread, after, what) => {
    expect(endsBefore(thread, now + after, now)?.what ?? null).toBe(what);
  });
});
