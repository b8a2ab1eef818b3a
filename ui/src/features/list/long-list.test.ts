/** The list of very many threads: a bounded page, read in both directions, and a place that is kept. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../app/desk.svelte';
import type { ThreadRow } from '$lib/contract';
import { words } from '$lib/words';
import { FakeHost } from '../../test/fake-host';
import { NOW, row } from '../../test/people';
import { all, find, key, openWindow, waitFor } from '../../test/window';

const MANY = 100_000;
const ROW = 64;

const people: ThreadRow[] = Array.from({ length: MANY }, (_, at) =>
  row({ thread: at + 1, name: `Customer ${at + 1}`, lastMs: NOW - at * 1_000 }),
);

let host: FakeHost;
let desk: Desk;
const port = () => find('thread-list')!.querySelector<HTMLElement>('.port')!;
const names = () => all('thread-row').map((one) => Number(one.dataset['thread']));
const list = () => desk.list;

/** Scrolls there as a wheel does, and waits until the rows that stand there are drawn. */
async function scrollTo(rowAt: number): Promise<void> {
  port().scrollTop = rowAt * ROW;
  await fireEvent.scroll(port());
}

/** The row at the upper edge of what is in sight, and how far it is from it. */
function atTheEdge(): { thread: number; px: number } {
  const top = port().scrollTop;
  const slots = [...port().querySelectorAll<HTMLElement>('.slot')];
  const slot = slots.find((one) => parseInt(one.style.top, 10) + ROW > top)!;
  const thread = Number(slot.querySelector<HTMLElement>('[data-thread]')!.dataset['thread']);
  return { thread, px: parseInt(slot.style.top, 10) - top };
}

/** Scrolls down so many pages of the list, each once the one before is there. */
async function scrolledDown(pages: number): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    const end = list().skipped + list().rows.length;
    await scrollTo(end - 12);
    await waitFor(() => expect(list().skipped + list().rows.length).toBeGreaterThan(end));
  }
}

beforeEach(async () => {
  host = new FakeHost();
  host.rows = people;
  desk = await openWindow(host);
  await waitFor(() => expect(all('thread-row').length).toBeGreaterThan(0));
});

test('however far down one scrolls, the page and what is held of the list stay small', async () => {
  await scrolledDown(12);
  expect(list().skipped).toBeGreaterThan(700);
  expect(list().rows.length).toBeLessThanOrEqual(400);
  expect(all('thread-row').length).toBeLessThan(40);
  const { thread } = atTheEdge();
  expect(thread, 'the rows stand where they belong').toBe(port().scrollTop / ROW + 1);
});

test('what was let go above is read again on the way up, to the top', async () => {
  await scrolledDown(8);
  host.calls = [];
  while (port().scrollTop > 0) {
    const { skipped } = list();
    await scrollTo(skipped);
    if (skipped > 0) await waitFor(() => expect(list().skipped).toBeLessThan(skipped));
  }
  await waitFor(() => expect(names()[0]).toBe(1));
  expect(host.asked('listThreads').every(({ upTo }) => upTo !== null)).toBe(true);
  expect(list().rows.length).toBeLessThanOrEqual(400);
});

test('a notice reads what is in sight and no more, far down too', async () => {
  await scrolledDown(9);
  host.calls = [];
  host.rows = host.rows.map((one) => (one.thread === 900 ? { ...one, preview: 'anew' } : one));
  await scrollTo(895);
  host.tell({ notice: 'lists', storeVersion: 2 });
  await waitFor(() => expect(find('thread-list')?.textContent).toContain('anew'));
  const asked = host.asked('listThreads');
  expect(asked).toHaveLength(1);
  expect(asked[0]!.limit).toBeLessThanOrEqual(200);
});

test('what arrives above leaves what is in sight where it is', async () => {
  await scrolledDown(2);
  await scrollTo(150);
  const before = atTheEdge();
  const fresh = [1, 2, 3].map((at) =>
    row({ thread: MANY + at, name: `New ${at}`, lastMs: NOW + at }),
  );
  host.rows = [...fresh, ...host.rows];
  host.tell({ notice: 'lists', storeVersion: 2 });
  await waitFor(() =>
    expect(list().rows.some(({ thread }) => thread > MANY)).toBe(list().skipped === 0),
  );
  await waitFor(() => expect(atTheEdge()).toEqual(before));
});

describe('whoever goes far up while the rows below are read, and something happens meanwhile,', () => {
  /** Comes back up to a row while a page below is on its way and the list is read again. */
  async function comesBack(rowAt: number): Promise<void> {
    await scrolledDown(8);
    let answers: (() => void) | null = null;
    const { listThreads } = host.answers;
    const below = list().query.data;
    host.answers.listThreads = async (request) => {
      const isBelow = request.after !== null && request.limit === 100 && answers === null;
      if (isBelow) await new Promise<void>((done) => (answers = done));
      return listThreads(request);
    };
    await scrollTo(list().skipped + list().rows.length - 12);
    await waitFor(() => expect(answers).not.toBeNull());
    await scrollTo(rowAt);
    host.tell({ notice: 'lists', storeVersion: 2 });
    await waitFor(() => expect(list().query.data).not.toBe(below));
    answers!();
  }

  test.each([0, 2])('sees the rows that stand there: row %i', async (rowAt) => {
    await comesBack(rowAt);
    await waitFor(() => expect(names().slice(0, 3)).toEqual([1, 2, 3]));
    expect(list().skipped).toBe(0);
  });
});

test('Home goes to the very first thread', async () => {
  await scrolledDown(9);
  await key(all('thread-row')[20]!, 'Home');
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  expect(names()[0]).toBe(1);
});

describe('while somebody points at it', () => {
  const rows = () => find('thread-list')!.querySelector<HTMLElement>('.rows')!;
  const point = (x = 5) => fireEvent.pointerMove(rows(), { screenX: x, screenY: 5 });
  const first = () => atTheEdge().thread;

  async function arrives(): Promise<void> {
    const calls = host.asked('listThreads').length;
    host.rows = [row({ thread: MANY + 1, name: 'New', lastMs: NOW + 1 }), ...host.rows];
    host.tell({ notice: 'lists', storeVersion: 2 });
    await waitFor(() => expect(host.asked('listThreads').length).toBeGreaterThan(calls));
  }

  test('nothing moves, what waits is counted, and all is in its place when the pointer leaves', async () => {
    await point();
    await arrives();
    await waitFor(() => expect(find('list-moved')?.textContent).toBe(words.list.moved(1)));
    expect(first()).toBe(1);
    await fireEvent.pointerLeave(rows());
    await waitFor(() => expect(first()).toBe(MANY + 1));
    expect(find('list-moved')).toBeNull();
  });

  test('a key shows the new order, wherever it is pressed', async () => {
    await point();
    await arrives();
    await waitFor(() => expect(find('list-moved')).not.toBeNull());
    await key(document.body, 'Shift');
    expect(find('list-moved'), 'it only changes what a press means').not.toBeNull();
    await key(document.body, 'x');
    await waitFor(() => expect(first()).toBe(MANY + 1));
  });

  test('a press that is under way holds them too', async () => {
    await fireEvent.pointerDown(rows());
    await fireEvent.pointerLeave(rows());
    await arrives();
    await waitFor(() => expect(find('list-moved')).not.toBeNull());
    expect(first()).toBe(1);
    await fireEvent.pointerUp(window);
    await waitFor(() => expect(first()).toBe(MANY + 1));
  });
});
