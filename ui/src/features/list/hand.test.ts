import { expect, test } from 'vitest';
import { Hand } from './hand';

const spot = { x: 10, y: 20 };

test('a pointer that came holds the list until it leaves', () => {
  const hand = new Hand();
  expect(hand.holds).toBe(false);
  hand.moved(spot);
  expect(hand.holds).toBe(true);
  hand.left();
  expect(hand.holds).toBe(false);
});

test('a key lets go, until the pointer really moves', () => {
  const hand = new Hand();
  hand.moved(spot);
  hand.typed();
  hand.moved({ ...spot });
  expect(hand.holds, 'rows moved beneath it, and nobody moved it').toBe(false);
  hand.moved({ x: 11, y: 20 });
  expect(hand.holds).toBe(true);
});

test('a press holds while it lasts, whatever the pointer and the keys do', () => {
  const hand = new Hand();
  hand.down();
  hand.left();
  hand.typed();
  expect(hand.holds).toBe(true);
  hand.up();
  expect(hand.holds).toBe(false);
});

test('after a press the pointer is still over the list', () => {
  const hand = new Hand();
  hand.moved(spot);
  hand.down();
  hand.up();
  expect(hand.holds).toBe(true);
});
