import { describe, expect, test } from 'vitest';
import type { BoardAccount, BoardAgent, StatusView } from '$lib/contract';
import { kite, northwind } from '../../test/people';
import { fullOn, hasOn, isFull, limitOf, tooMuchOn, worksHere } from './full';

const on = ({ id, name }: { id: string; name: string }, open: number, limit: number | null) =>
  ({
    account: id,
    name,
    open,
    limit,
    full: limit !== null && open >= limit,
  }) satisfies BoardAccount;

const agent = (...accounts: BoardAccount[]): BoardAgent => ({
  agent: 'a-ines',
  name: 'Ines Kremer',
  me: false,
  state: 'online',
  work: { open: 0, onCustomer: 0, waiting: 0, oldestWaitMs: null, due: 0, nextDueMs: null },
  accounts,
  mayReturn: false,
});

const thread = (account: string, status: StatusView = { status: 'open' }) => ({ account, status });

describe('whoever works on several accounts', () => {
  const one = agent(on(kite, 1, 4), on(northwind, 5, 5));

  test('is full on one of them and not full', () => {
    expect(isFull(one)).toBe(false);
    expect(fullOn(one)).toEqual([northwind.name]);
    expect(limitOf(one)).toBeNull();
  });

  test('is full where they are on each', () => {
    expect(isFull(agent(on(kite, 4, 4), on(northwind, 5, 5)))).toBe(true);
    expect(isFull(agent(on(kite, 9, null), on(northwind, 5, 5)))).toBe(true);
  });

  test('gets too much on the account of a thread and on no other', () => {
    expect(tooMuchOn(one, [thread(kite.id)])).toEqual([]);
    expect(tooMuchOn(one, [thread(northwind.id)])).toEqual([on(northwind, 5, 5)]);
    const four = [1, 2, 3, 4].map(() => thread(kite.id));
    expect(tooMuchOn(one, four.slice(1))).toEqual([]);
    expect(tooMuchOn(one, four)).toEqual([on(kite, 1, 4)]);
    expect(hasOn(one, four)).toEqual([on(kite, 1, 4)]);
  });

  test('may get what waits on the customer, which counts for no limit', () => {
    expect(tooMuchOn(one, [thread(northwind.id, { status: 'waitingOnCustomer' })])).toEqual([]);
  });
});

test('whoever works there no more is not full, whatever they have', () => {
  const gone = agent(on(northwind, 30, null));
  expect([worksHere(gone), isFull(gone), limitOf(gone)]).toEqual([false, false, null]);
  expect(tooMuchOn(gone, [thread(northwind.id)])).toEqual([]);
});

test('of one account the limit is that one’s', () => {
  expect(limitOf(agent(on(northwind, 4, 5)))).toBe(5);
});
