/** Snoozing a thread: by key, at a moment that is offered or written, past what ends before, and awake again. */
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { HOUR, MINUTE, NOW } from '../../test/people';
import { moment } from '$lib/format/time';
import { status } from '../../test/said';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.answers.status = () => ({ ...status(), nowMs: NOW });
});

/** As it is written here, with the single spaces of `said`. */
const at = (ms: number) => moment(ms, NOW).replace(/\s+/gu, ' ');

/** Six in the evening, then Saturday and Monday at nine in Berlin, where these tests live. */
const LATER = Date.UTC(2026, 10, 20, 17);
const TOMORROW = Date.UTC(2026, 10, 21, 8);
const MONDAY = Date.UTC(2026, 10, 23, 8);
const asleep = { status: 'snoozed' as const, untilMs: TOMORROW };

async function picker(thread: number) {
  await openWindow(host);
  await openThread(thread);
  await press('snooze');
  await part('snooze-picker');
}

test('what is offered is offered with its moment, and the first has the focus', async () => {
  await picker(3);
  expect(await said('snooze-laterToday')).toContain(`Later today ${at(LATER)}`);
  expect(await said('snooze-tomorrow')).toContain(`Tomorrow ${at(TOMORROW)}`);
  expect(await said('snooze-monday')).toContain(`Monday ${at(MONDAY)}`);
  await waitFor(() => expect(document.activeElement).toBe(find('snooze-laterToday')));
  await key(document.activeElement!, 'ArrowDown');
  expect(document.activeElement).toBe(find('snooze-tomorrow'));
});

test('a thread that is set aside leaves its place to the next, and can be taken back', async () => {
  const desk = await openWindow(host);
  await openThread(3);
  await press('snooze');
  await press('snooze-tomorrow');
  await waitFor(() => expect(host.asked('setStatus')).toEqual([{ thread: 3, status: asleep }]));
  await waitFor(() => expect(desk.open?.thread).toBe(4));
  expect(await said('toast')).toContain(`Paula Rentsch sleeps until ${at(TOMORROW)}`);
  await waitFor(() => expect(find('thread-row', '[data-thread="3"]')).toBeNull());
  await key(document.body, 'z', { ctrlKey: true });
  await waitFor(() =>
    expect(host.asked('setStatus')[1]).toEqual({ thread: 3, status: { status: 'open' } }),
  );
  await waitFor(() => expect(desk.open?.thread).toBe(3));
});

test('H snoozes the row that has the focus', async () => {
  await openWindow(host);
  await openThread(3);
  await key(await part('composer-text'), 'Escape');
  await waitFor(() => expect(document.activeElement?.closest('[role=option]')).not.toBeNull());
  await key(document.activeElement!, 'h');
  await press('snooze-monday');
  await waitFor(() =>
    expect(host.asked('setStatus')).toEqual([
      { thread: 3, status: { status: 'snoozed', untilMs: MONDAY } },
    ]),
  );
});

describe('what ends before it wakes', () => {
  test('is said beside each moment', async () => {
    // Instagram, three hours left to reply freely.
    await picker(2);
    expect(await said('snooze-laterToday')).toContain(
      `The time to reply freely ends ${at(NOW + 3 * HOUR + 4 * MINUTE)}`,
    );
    expect(all('snooze-past')).toHaveLength(4);
  });

  test('is not said where nothing does', async () => {
    host.rows = host.rows.map((row) =>
      row.thread === 3
        ? { ...row, freeUntilMs: NOW + 20 * HOUR, owner: { ...row.owner, untilMs: null } }
        : row,
    );
    await picker(3);
    expect(await said('snooze-laterToday')).not.toContain('ends');
    expect(await said('snooze-monday')).toContain(
      `The time to reply freely ends ${at(NOW + 20 * HOUR)}`,
    );
  });
});

describe('a moment of one’s own', () => {
  const own = async (date: string, time: string) => {
    await write('snooze-date', date);
    await write('snooze-time', time);
  };

  test('sleeps until then', async () => {
    await picker(3);
    await own('2026-12-01', '10:30');
    await waitFor(async () =>
      expect(await said('snooze-says')).toContain(`It wakes ${at(Date.UTC(2026, 11, 1, 9, 30))}.`),
    );
    await press('snooze-own');
    await waitFor(() =>
      expect(host.asked('setStatus')[0]?.status).toEqual({
        status: 'snoozed',
        untilMs: Date.UTC(2026, 11, 1, 9, 30),
      }),
    );
  });

  test.each([
    ['2026-11-20', '14:00', 'That is over already.'],
    ['2027-12-01', '09:00', 'That is more than a year away.'],
    ['', '09:00', 'There is no such moment.'],
  ])('%s %s cannot be', async (date, time, says) => {
    await picker(3);
    await own(date, time);
    await waitFor(async () => expect(await said('snooze-says')).toBe(says));
    expect(find('snooze-own')).toHaveProperty('disabled', true);
  });
});

test('what the relay refuses is said, and the thread stays', async () => {
  host.answers.setStatus = () => {
    throw refuse('relayUnreachable', 'The relay does not answer.', 'Try again later.');
  };
  const desk = await openWindow(host);
  await openThread(3);
  await press('snooze');
  await press('snooze-tomorrow');
  expect(await said('toast')).toContain('The relay does not answer.');
  expect(desk.open?.thread).toBe(3);
});

describe('a thread that sleeps', () => {
  beforeEach(() => {
    host.rows = host.rows.map((row) => (row.thread === 3 ? { ...row, status: asleep } : row));
  });

  test('stands in its own view, with the moment on its row', async () => {
    const desk = await openWindow(host);
    await part('thread-row');
    expect(find('thread-row', '[data-thread="3"]')).toBeNull();
    await press('view-snoozed');
    await part('row-sleeps');
    expect(await said('row-sleeps')).toBe(`until ${at(TOMORROW)}`);
    expect(desk.list.canSort).toBe(false);
    expect(await said('list-counts')).toBe('1');
  });

  test('can be woken before its time', async () => {
    const desk = await openWindow(host);
    await press('view-snoozed');
    await openThread(3);
    await part('snoozed-tag');
    await press('snooze');
    await waitFor(() => expect(document.activeElement).toBe(find('wake')));
    await press('wake');
    await waitFor(() =>
      expect(host.asked('setStatus')).toEqual([{ thread: 3, status: { status: 'open' } }]),
    );
    expect(desk.open?.thread).toBe(3);
    expect(await said('toast')).toContain('Paula Rentsch is awake');
  });

  test('nothing asleep says what would be there', async () => {
    host.rows = host.rows.filter(({ thread }) => thread !== 3);
    await openWindow(host);
    await press('view-snoozed');
    expect(await said('list-empty')).toContain('Nothing sleeps');
  });
});

test('who ends soon stands in a view of their own, counted', async () => {
  await openWindow(host);
  await part('thread-row');
  expect(await said('view-endingSoon')).toContain('1 whose time ends soon');
  await press('view-endingSoon');
  await waitFor(() => expect(all('thread-row')).toHaveLength(1));
  expect(await said('list-counts')).toBe('1 ending soon');
  expect(find('sort')).toBeNull();
});
