/** The log of a thread that is longer than the window: what counts as new below, and the keys that scroll it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { DAY, NOW } from '../../test/people';
import { message, threadView } from '../../test/said';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  waitFor,
  write,
} from '../../test/window';
import type { Item } from '$lib/contract';
import { words } from '$lib/words';
import { arrivedBelow } from './news';
import { scrolledTo } from './scroll-keys';

const said = (name: string, over = {}): Item => message({ key: name, text: name, ...over });
const mine = (name: string): Item => said(name, { author: 'me', authorName: 'Ines' });

describe('what counts as new below', () => {
  test.each<[string, Item[], Item[], number]>([
    ['what the customer wrote', [said('a')], [said('a'), said('b'), said('c')], 2],
    [
      'what a colleague wrote',
      [said('a')],
      [said('a'), said('b', { author: 'colleague', authorName: 'Jonas' })],
      1,
    ],
    ['not an own reply', [said('a')], [said('a'), mine('b')], 0],
    ['a message above an own reply on its way', [mine('a')], [said('b'), mine('a')], 0],
    [
      'a message between what was there and an own reply',
      [said('a'), mine('z')],
      [said('a'), said('b'), mine('z')],
      1,
    ],
    [
      'nothing when the last one goes',
      [said('a'), said('b'), mine('c')],
      [said('a'), said('b')],
      0,
    ],
    ['nothing that was scrolled to', [said('c')], [said('a'), said('b'), said('c')], 0],
    ['nothing that is no message', [said('a')], [said('a'), line('b')], 0],
  ])('%s', (_, before, now, count) => {
    expect(arrivedBelow(before, now)).toBe(count);
  });

  function line(name: string): Item {
    return { item: 'team', key: name, atMs: 0, line: 'Ines took this thread' };
  }
});

test.each([
  ['PageUp', 900, 648],
  ['PageDown', 900, 1_152],
  ['ArrowUp', 900, 860],
  ['ArrowDown', 900, 940],
  ['Home', 900, 0],
  ['End', 900, 1_700],
  ['PageUp', 10, 0],
  ['PageDown', 1_690, 1_700],
  ['a', 900, null],
])('%s from %i scrolls to %s', (name, top, to) => {
  expect(scrolledTo(name, { top, page: 300, end: 1_700 })).toBe(to);
});

type Place = { top: number; page: number; all: number };

/**
 * Where the log is scrolled to; the document of these tests has no layout, so it gets one here.
 *
 * As in an engine, what grows or gives way is not told of, and what is scrolled to stays inside.
 */
function layOut(log: HTMLElement): Place {
  const place = { top: 1_700, page: 300, all: 2_000 };
  const shown = (name: string, value: () => number) =>
    Object.defineProperty(log, name, { configurable: true, get: value });
  shown('clientHeight', () => place.page);
  shown('scrollHeight', () => place.all);
  Object.defineProperty(log, 'scrollTop', {
    configurable: true,
    get: () => place.top,
    set: (px: number) => {
      place.top = Math.max(0, Math.min(px, place.all - place.page));
      scrolled(log);
    },
  });
  scrolled(log);
  return place;
}

const scrolled = (log: HTMLElement) => log.dispatchEvent(new Event('scroll'));

describe('in the window', () => {
  let host: FakeHost;
  let place: Place;

  beforeEach(async () => {
    host = new FakeHost();
    await openWindow(host);
    await openThread(3);
    place = layOut(await part('log'));
  });

  /** From now on the thread ends with these items. */
  function ends(...items: Item[]) {
    host.answers.openThread = ({ thread }) => {
      const row = host.rows.find((one) => one.thread === thread)!;
      const view = threadView(row, host.storeVersion);
      return { ...view, items: [...view.items, ...items] };
    };
    host.change(3, {});
  }

  const jump = () => find('log')!.parentElement!.querySelector<HTMLElement>('button.jump');

  test('a long page is drawn from its end: the newest with the first frame, the others after it', async () => {
    const items = Array.from({ length: 60 }, (_, i) => said(`long ${i}`));
    host.answers.openThread = ({ thread }) => {
      const row = host.rows.find((one) => one.thread === thread)!;
      return { ...threadView(row, host.storeVersion), items };
    };
    const drawn: number[] = [];
    const count = () =>
      all('message').filter((one) => one.dataset['key']?.startsWith('long')).length;
    const watch = new MutationObserver(() => drawn.push(count()));
    watch.observe(document.body, { childList: true, subtree: true });
    await openThread(4);
    await waitFor(() => expect(count()).toBe(60));
    watch.disconnect();
    expect(drawn.find((held) => held > 0)).toBe(24);
    expect(all('message').at(-1)?.dataset['key']).toBe('long 59');
  });

  test('an own reply is not announced as new; sending goes to it', async () => {
    (await part('log')).scrollTop = 200;
    await waitFor(() => expect(jump()).not.toBeNull());
    await write('composer-text', 'A new mug is on its way.');
    await key(await part('composer-text'), 'Enter');
    await waitFor(() => expect(place.top).toBe(1_700));
    ends(mine('own'));
    await waitFor(() => expect(find('message', '[data-key="own"]')).not.toBeNull());
    expect(jump()).toBeNull();
  });

  test('an own reply that was not pressed here leaves what is read where it is', async () => {
    (await part('log')).scrollTop = 200;
    ends(mine('own'));
    await waitFor(() => expect(find('message', '[data-key="own"]')).not.toBeNull());
    expect(jump()?.textContent).not.toContain('new message');
    ends(mine('own'), said('theirs'));
    await waitFor(() => expect(jump()?.textContent).toContain('1 new message'));
  });

  test.each<[string, Partial<Place>]>([
    ['pictures that grow once they are there', { all: 2_400 }],
    ['a composer that takes some of the room', { page: 200 }],
    ['both', { all: 2_400, page: 200 }],
  ])('at the end it stays at the end: %s before a scroll is told of', async (_, change) => {
    Object.assign(place, change);
    scrolled(await part('log'));
    expect(place.top).toBe(place.all - place.page);
    ends(said('theirs'));
    await waitFor(() => expect(find('message', '[data-key="theirs"]')).not.toBeNull());
    expect(jump(), 'nothing is announced that is in sight').toBeNull();
  });

  test('who scrolls up while something grows is let go, and the end is found again', async () => {
    place.all = 2_400;
    const log = await part('log');
    log.scrollTop = 1_600;
    expect(place.top).toBe(1_600);
    ends(said('theirs'));
    await waitFor(() => expect(jump()?.textContent).toContain('1 new message'));
    expect(place.top).toBe(1_600);
    await key(document.body, 'End', { altKey: true });
    expect(place.top).toBe(2_100);
    // Pictures that came into sight by it.
    place.all = 3_000;
    scrolled(log);
    expect(place.top).toBe(2_700);
    expect(jump()).toBeNull();
  });

  test('the end is left by small steps too', async () => {
    const log = await part('log');
    for (let top = 1_690; top >= 1_650; top -= 10) log.scrollTop = top;
    expect(place.top).toBe(1_650);
    await waitFor(() => expect(jump()).not.toBeNull());
  });

  test('the composer keeps its room while its text is measured', async () => {
    const box = (await part('composer-text')) as HTMLTextAreaElement;
    const frame = box.parentElement!;
    Object.defineProperty(frame, 'offsetHeight', { configurable: true, value: 140 });
    const kept: string[] = [];
    Object.defineProperty(box, 'scrollHeight', {
      configurable: true,
      get: () => (kept.push(frame.style.minHeight), 95),
    });
    await write('composer-text', 'One line\nand another');
    await waitFor(() => expect(box.style.height).toBe('95px'));
    expect(new Set(kept)).toEqual(new Set(['140px']));
    expect(frame.style.minHeight).toBe('');
  });

  test('older messages are not read aloud as if they were news', async () => {
    const openThread = host.answers.openThread;
    let give: (() => void) | undefined;
    host.answers.openThread = async (request) => ({ ...(await openThread(request)), older: '1' });
    host.answers.olderItems = () =>
      new Promise((answer) => (give = () => answer({ items: [said('old')], older: null })));
    host.change(3, {});
    await waitFor(() => expect(find('log')?.textContent).not.toContain(words.thread.begin));
    (await part('log')).scrollTop = 0;
    const live = () => find('log')?.getAttribute('aria-live');
    await waitFor(() => expect(live()).toBe('off'));
    give?.();
    await waitFor(() => expect(find('message', '[data-key="old"]')).not.toBeNull());
    expect(live()).toBe('off');
    await waitFor(() => expect(live()).toBe('polite'));
  });

  test('a thread that has the focus is scrolled by keys, and a chord is left alone', async () => {
    const log = await part('log');
    log.focus();
    await key(log, 'PageUp');
    expect(place.top).toBeLessThan(1_700);
    await key(log, 'Home');
    expect(place.top).toBe(0);
    await key(log, 'PageDown', { ctrlKey: true });
    expect(place.top).toBe(0);
    await key(log, 'End');
    expect(place.top).toBe(1_700);
  });

  test('a page up and down from the composer scrolls the thread; with Shift it selects text', async () => {
    const box = await part('composer-text');
    await key(box, 'PageUp');
    const above = place.top;
    expect(above).toBeLessThan(1_700);
    await key(box, 'PageDown', { shiftKey: true });
    expect(place.top).toBe(above);
    await key(box, 'PageDown');
    expect(place.top).toBe(1_700);
    await key(box, 'Home');
    expect(place.top).toBe(1_700);
  });
});

describe('going far', () => {
  afterEach(() => void vi.restoreAllMocks());
  let host: FakeHost;
  const old = said('old', { text: 'Said long ago', atMs: NOW - 40 * DAY, place: '7' });
  const stretch = { items: [old], older: null, newer: '7', key: 'old', keyMs: NOW - 40 * DAY };

  beforeEach(async () => {
    host = new FakeHost();
    // What is newer than what one went to is never read here.
    host.answers.newerItems = () => new Promise(() => {});
    host.answers.itemsFrom = () => stretch;
    host.answers.itemsAround = () => stretch;
    await openWindow(host);
  });

  const picked = () => find('day-picked');

  test('to a day: a small calendar, by keys, that goes there and says when it is another day', async () => {
    await openThread(3);
    await press('to-day');
    await waitFor(() => expect(document.activeElement).toBe(picked()));
    const today = Number(picked()!.textContent);
    await key(picked()!, 'ArrowRight');
    expect(Number(picked()!.textContent), 'nothing was said tomorrow').toBe(today);
    await key(picked()!, 'PageUp');
    await key(picked()!, 'ArrowUp');
    await waitFor(() => expect(document.activeElement).toBe(picked()));
    picked()!.click();
    await waitFor(() => expect(find('log')!.textContent).toContain('Said long ago'));
    const [asked] = host.asked('itemsFrom');
    expect(new Date(asked!.fromMs).getHours(), 'a day begins at midnight').toBe(0);
    expect(asked!.fromMs).toBeLessThan(NOW - 35 * DAY);
    expect(find('day-picker')).toBeNull();
    expect(await toast()).toContain('Nothing was said on');
  });

  test('to a day: Escape gives the focus back to the thread', async () => {
    await openThread(3);
    await press('to-day');
    await waitFor(() => expect(document.activeElement).toBe(picked()));
    await key(picked()!, 'Escape');
    expect(find('day-picker')).toBeNull();
    expect(document.activeElement).toBe(find('log'));
  });

  test('to the first unread message, which is read when it is not on the screen', async () => {
    const { openThread: answer } = host.answers;
    host.answers.openThread = async (request) => ({
      ...(await answer(request)),
      firstUnread: 'old',
      firstUnreadAt: '7',
    });
    await openThread(3);
    await key(document.body, 'Home', { altKey: true });
    await waitFor(() => expect(find('new-line')).not.toBeNull());
    expect(find('log')!.textContent).toContain('Said long ago');
    expect(host.asked('itemsAround')[0]).toMatchObject({ at: '7' });
    await key(document.body, 'End', { altKey: true });
    await waitFor(() => expect(find('log')!.textContent).not.toContain('Said long ago'));
  });

  test('to the first unread message stands above the messages, and keeps what is read in its place', async () => {
    const { openThread: answer } = host.answers;
    host.answers.openThread = async (request) => ({
      ...(await answer(request)),
      firstUnread: 'old',
      firstUnreadAt: '7',
    });
    // As a browser lays it out: the line pushes the messages down.
    const LINE_PX = 28;
    const isPushed = (what: Element) => what.closest('[data-test=log]') && find('to-unread');
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (
      this: Element,
    ) {
      return new DOMRect(0, isPushed(this) ? LINE_PX : 0, 0, 10);
    });
    await openThread(3);
    const way = await part('to-unread');
    const log = await part('log');
    expect(way.compareDocumentPosition(log)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(log.parentElement).toBe(way.parentElement);
    log.scrollTop = 100;
    await press('to-unread');
    await waitFor(() => expect(find('to-unread')).toBeNull());
    await waitFor(() => expect(log.scrollTop).toBe(100 - LINE_PX));
  });

  test('to the first unread message of a thread that was read says so', async () => {
    await openThread(5);
    await key(document.body, 'Home', { altKey: true });
    expect(await toast()).toBe(words.thread.allRead);
  });

  const toast = async () => (await part('toast')).textContent?.trim() ?? '';
});
