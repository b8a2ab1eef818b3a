/** What is dragged near an end of the columns brings those that are out of sight. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scrollAtEdges, speed } from './edges';

const box = { left: 200, right: 1000, top: 50, bottom: 650 };
const at = (x: number, y = 300) => speed({ x, y }, box);

describe('how fast', () => {
  test.each([
    ['in the middle', 600, 0],
    ['as far in as it begins', 264, 0],
    ['at the left end', 200, -1],
    ['at the right end', 1000, 1],
    ['halfway to it', 968, 0.5],
    ['over the agents', 120, 0],
  ])('%s', (_, x, fast) => expect(at(x)).toBeCloseTo(fast));

  test('above and below the strip nothing scrolls', () => {
    expect([at(1000, 40), at(1000, 700)]).toEqual([0, 0]);
  });

  test('a narrow strip keeps a middle where nothing scrolls', () => {
    expect(speed({ x: 50, y: 0 }, { left: 0, right: 100, top: 0, bottom: 10 })).toBe(0);
  });
});

describe('by the clock', () => {
  let strip: HTMLElement;
  let spot: { x: number; y: number };
  const moved = vi.fn();
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'performance'] });
    strip = document.createElement('div');
    strip.getBoundingClientRect = () => box as DOMRect;
    strip.scrollLeft = 500;
    spot = { x: 600, y: 300 };
    moved.mockClear();
    stop = scrollAtEdges(strip, () => spot, moved);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  test('it goes as far as time passed, and stops where the pointer leaves the end', () => {
    vi.advanceTimersByTime(160);
    expect(strip.scrollLeft).toBe(500);
    expect(moved).not.toHaveBeenCalled();
    spot = { x: 1000, y: 300 };
    vi.advanceTimersByTime(160);
    expect(strip.scrollLeft).toBe(660);
    expect(moved).toHaveBeenCalled();
    spot = { x: 200, y: 300 };
    vi.advanceTimersByTime(320);
    expect(strip.scrollLeft).toBe(340);
    spot = { x: 600, y: 300 };
    vi.advanceTimersByTime(160);
    expect(strip.scrollLeft).toBe(340);
  });

  test('parts of a pixel are not lost', () => {
    spot = { x: 937, y: 300 };
    vi.advanceTimersByTime(3_200);
    expect(strip.scrollLeft).toBeGreaterThanOrEqual(500 + 45);
    expect(strip.scrollLeft).toBeLessThanOrEqual(500 + 51);
  });

  test('after the drag nothing goes on', () => {
    spot = { x: 1000, y: 300 };
    vi.advanceTimersByTime(160);
    stop();
    const { scrollLeft } = strip;
    vi.advanceTimersByTime(160);
    expect(strip.scrollLeft).toBe(scrollLeft);
  });
});
