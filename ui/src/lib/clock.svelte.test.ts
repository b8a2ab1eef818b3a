import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flushSync } from 'svelte';
import { PageClock } from './clock.svelte';

const MINUTE = 60_000;

let clock: PageClock;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_796_000_000_000 });
  clock = new PageClock();
  stop = clock.start();
  clock.set(1_796_000_000_000);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** How often something that shows this was drawn within so many milliseconds. */
async function drawn(shows: () => number, withinMs: number): Promise<number> {
  let times = 0;
  const leave = $effect.root(() => {
    $effect(() => {
      shows();
      times += 1;
    });
  });
  flushSync();
  await vi.advanceTimersByTimeAsync(withinMs);
  leave();
  return times;
}

test('what shows the second is drawn each second', async () => {
  expect(await drawn(() => clock.nowMs, 30_000)).toBeGreaterThanOrEqual(30);
});

test('what ends in hours is drawn by the minute, and what ends soon by the second', async () => {
  const far = clock.minuteMs + 5 * 60 * MINUTE;
  expect(await drawn(() => clock.by(far, null), 30_000)).toBeLessThanOrEqual(2);
  const near = clock.minuteMs + 2 * MINUTE;
  expect(await drawn(() => clock.by(far, near), 30_000)).toBeGreaterThanOrEqual(30);
});

test('where nothing shows seconds, five pass between two ticks', async () => {
  const looks = vi.spyOn(performance, 'now');
  await vi.advanceTimersByTimeAsync(60_000);
  const idle = looks.mock.calls.length;
  looks.mockClear();
  expect(await drawn(() => clock.nowMs, 60_000)).toBeGreaterThanOrEqual(60);
  expect(idle).toBeLessThan(looks.mock.calls.length / 3);
});

test('whoever asks while nothing is shown hears the very moment', async () => {
  await vi.advanceTimersByTimeAsync(3_400);
  expect(clock.nowMs).toBe(1_796_000_003_400);
});

test('a jump of the wall clock is told', async () => {
  const jumped = vi.fn();
  const other = new PageClock(jumped);
  const end = other.start();
  vi.setSystemTime(1_796_000_000_000 + 10 * MINUTE);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(jumped).toHaveBeenCalledTimes(1);
  end();
});
