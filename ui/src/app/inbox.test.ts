/** The inbox as a whole: what arrives live, control, keys, banners, the state of the desk. */
import { cleanup } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bindings } from './keys';
import { FakeHost, refuse } from '../test/fake-host';
import { HOUR, MINUTE, NOW, fact, kite, northwind, row, session, upToDate } from '../test/people';
import { accountStatus, message, status, threadView } from '../test/said';
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
} from '../test/window';
import type { ProblemKind, Setback } from '$lib/contract';
import { clockTime, moment } from '$lib/format/time';
import { words } from '$lib/words';

/** An act of a toast that is on the screen. */
function inToast(label: string): HTMLElement {
  const acts = all('toast').flatMap((toast) => [...toast.querySelectorAll('button')]);
  return acts.find((one) => one.textContent === label)!;
}

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => vi.useRealTimers());

describe('live', () => {
  test('a message that arrives is shown without a refresh, in list and thread', async () => {
    await openWindow(host);
    await openThread(3);
    host.answers.openThread = ({ thread }) => {
      const view = threadView(
        host.rows.find((one) => one.thread === thread)!,
        host.storeVersion,
      );
      return { ...view, items: [...view.items, message({ key: 'new', text: 'Are you there?' })] };
    };
    host.change(3, { preview: 'Are you there?' });
    await waitFor(() => expect(all('message').at(-1)?.textContent).toContain('Are you there?'));
    await waitFor(() =>
      expect(find('thread-row', '[data-thread="3"]')?.textContent).toContain('Are you there?'),
    );
  });

  test('a reply that Meta holds back says when it is sent again, also when that moves', async () => {
    await openWindow(host);
    await openThread(3);
    const held = (untilMs: number) => {
      host.answers.openThread = ({ thread }) => {
        const found = host.rows.find((one) => one.thread === thread)!;
        const reply = message({
          key: 'part:1',
          part: 'part-1',
          author: 'me',
          state: 'waiting',
          sentAgainMs: untilMs,
          stateWords: { what: 'Meta is throttling, so this reply waits.', action: 'By itself.' },
        });
        return { ...threadView(found, host.storeVersion), items: [reply] };
      };
      host.change(3, {});
    };
    held(NOW + 5 * MINUTE);
    const until = moment(NOW + 20 * HOUR, NOW);
    const leaves = `It may leave until ${until}; after that its text comes back to the composer.`;
    const says = (at: string) =>
      waitFor(() =>
        expect(find('message-words')?.textContent?.replace(/\s+/gu, ' ').trim()).toBe(
          `Meta is throttling; sent again at ${at}. What then? By itself. ${leaves}`,
        ),
      );
    await says(clockTime(NOW + 5 * MINUTE));
    // One line until somebody asks.
    expect(find('what-then')!.closest('details')!.hasAttribute('open')).toBe(false);
    held(NOW + 35 * MINUTE);
    await says(clockTime(NOW + 35 * MINUTE));
  });

  test('a row names its account where those of several stand together', async () => {
    const desk = await openWindow(host);
    await waitFor(() => expect(find('row-account')?.textContent?.trim()).toBe('Northwind Tea'));
    desk.list.only('101');
    await part('only-account');
    await part('thread-row');
    expect(find('row-account')).toBeNull();
    desk.list.only(null);
    await part('row-account');
    host.answers.session = () => session({ accounts: [northwind] });
    host.tell({ notice: 'session' });
    await waitFor(() => expect(find('row-account')).toBeNull());
  });

  test('a new thread comes into the list', async () => {
    await openWindow(host);
    host.rows = [row({ thread: 77, name: 'Mara Lindt', unread: 1 }), ...host.rows];
    host.tell({ notice: 'lists', storeVersion: 2 });
    expect(await said('thread-row', '[data-thread="77"]')).toContain('Mara Lindt');
  });

  test('the title counts what waits for me', async () => {
    await openWindow(host);
    await waitFor(() => expect(document.title).toBe('(4) Northwind · Baton'));
    host.answers.status = () => status({ waitingForMe: 0 });
    host.tell({ notice: 'status' });
    await waitFor(() => expect(document.title).toBe('Northwind · Baton'));
  });

  test('what may be sent is asked again when an account or its token changed', async () => {
    await openWindow(host);
    await openThread(3);
    const blocked = { send: 'blocked' } as const;
    const openThreadAnswer = host.answers.openThread;
    host.answers.openThread = async (request) => {
      const view = await openThreadAnswer(request);
      return { ...view, composer: { ...view.composer, ...blocked } };
    };
    host.tell({ notice: 'session' });
    await part('send', '[data-mode="blocked"]');
    host.answers.openThread = openThreadAnswer;
    host.tell({ notice: 'session' });
    await part('send', '[data-mode="send"]');
  });

  test('that it was marked read here makes nobody read the open thread again, all else does', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await openWindow(host);
    await openThread(3);
    await waitFor(() => expect(host.asked('mark')).toHaveLength(1));
    await waitFor(() =>
      expect(find('thread-row', '[data-thread="3"]')?.querySelector('.count')).toBeNull(),
    );
    host.change(3, { preview: 'Are you there?' });
    await waitFor(() =>
      expect(find('thread-row', '[data-thread="3"]')?.textContent).toContain('Are you there?'),
    );
    await waitFor(() => expect(host.asked('openThread')).toHaveLength(2));

    // A mark that this page did not set: it is read again, and somebody looks at it.
    host.mark(3, { unread: 1 });
    await waitFor(() => expect(host.asked('openThread')).toHaveLength(3));
    await waitFor(() => expect(host.asked('mark')).toHaveLength(2));
  });

  test('a mark that could not be set leaves the thread unread', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    host.answers.mark = () => {
      throw refuse('storage', 'The file could not be written.');
    };
    await openWindow(host);
    await openThread(3);
    await waitFor(() => expect(host.asked('mark')).toHaveLength(1));
    host.mark(3, { unread: 2 });
    await waitFor(() => expect(host.asked('mark'), 'tried again').toHaveLength(2));
    expect(host.asked('openThread')).toHaveLength(2);
  });

  test('an open thread is marked read, and stays unread when the agent says so', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await openWindow(host);
    await openThread(3);
    await waitFor(() => expect(host.asked('mark')).toEqual([{ thread: 3, read: true }]));
    await key(window as unknown as Element, 'M', { code: 'KeyM', ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(host.asked('mark')).toHaveLength(2));
    host.change(3, { preview: 'Still there' });
    await waitFor(() =>
      expect(find('thread-row', '[data-thread="3"]')?.textContent).toContain('Still there'),
    );
    expect(host.asked('mark').map(({ read }) => read)).toEqual([true, false]);
    // Whoever answers has read: from then on it is as ever.
    await write('composer-text', 'On its way.');
    await press('send');
    await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
    host.change(3, { preview: 'Thank you', unread: 1 });
    await waitFor(() =>
      expect(
        host
          .asked('mark')
          .map(({ read }) => read)
          .at(-1),
      ).toBe(true),
    );
  });
});

describe('control', () => {
  test('only the acts that can work are offered', async () => {
    await openWindow(host);
    await openThread(3);
    expect(find('owner-strip')?.dataset['owner']).toBe('ours');
    expect(await said('act-pass')).toBe('Pass to Teabot');
    for (const act of ['act-take', 'act-request', 'act-pass-inbox']) expect(find(act)).toBeNull();
  });

  test('passing waits five seconds and can be undone', async () => {
    await openWindow(host);
    await openThread(3);
    vi.useFakeTimers();
    await press('act-pass');
    await vi.advanceTimersByTimeAsync(4_900);
    expect(host.asked('actOnControl')).toEqual([]);
    expect(find('toast')?.textContent).toContain('Passing Paula Rentsch to Teabot');
    [...(find('toast')?.querySelectorAll('button') ?? [])]
      .find((one) => one.textContent === 'Undo')!
      .click();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(host.asked('actOnControl')).toEqual([]);
  });

  test('passing happens after five seconds, and at once when the window goes', async () => {
    await openWindow(host);
    await openThread(3);
    vi.useFakeTimers();
    await press('act-pass');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(host.asked('actOnControl')).toEqual([
      { thread: 3, act: 'passToDefault', to: null, note: null },
    ]);
    await press('act-release');
    window.dispatchEvent(new Event('pagehide'));
    await vi.advanceTimersByTimeAsync(0);
    expect(host.asked('actOnControl')[1]).toEqual({
      thread: 3,
      act: 'release',
      to: null,
      note: null,
    });
  });

  test('taking is done at once, and a refusal says why', async () => {
    host.answers.actOnControl = () => {
      throw refuse('controlUnavailable', 'Teabot took the thread first.', 'Ask for it.');
    };
    await openWindow(host);
    await press('view-unassigned');
    await part('thread-row', '[data-thread="10"]');
    await openThread(10);
    await press('act-take');
    expect(await said('toast')).toContain('Teabot took the thread first. Ask for it.');
  });

  test('with a refusal comes the page where an administrator can change it', async () => {
    const link = 'https://www.facebook.com/settings?tab=msgr_conversation_routing';
    host.answers.actOnControl = () => {
      throw { ...refuse('controlUnavailable', 'Meta did not give control.'), link };
    };
    await openWindow(host);
    await press('view-unassigned');
    await part('thread-row', '[data-thread="10"]');
    await openThread(10);
    await press('act-take');
    await part('toast');
    inToast('Meta’s settings').click();
    await waitFor(() =>
      expect(host.asked('openOutside')).toEqual([{ open: 'address', address: link }]),
    );
  });

  test('a thread is passed to whom one picks, with a note', async () => {
    await openWindow(host);
    await openThread(3);
    await press('act-pass-to');
    const names = [...document.querySelectorAll('[data-test="pass-on"] fieldset bdi')];
    expect(names.map((one) => one.textContent)).toEqual(['Teabot', 'Page Inbox', 'Parcel helper']);
    [...document.querySelectorAll<HTMLInputElement>('[data-test="pass-target"]')][2]!.click();
    await write('pass-note', ' Where is parcel 4412? ');
    await press('pass-now');
    expect(find('pass-on')).toBeNull();
    expect(find('toast')?.textContent).toMatch(/Passing .*Paula Rentsch.* to .*Parcel helper/);
    inToast('Now').click();
    await waitFor(() =>
      expect(host.asked('actOnControl')).toEqual([
        { thread: 3, act: 'passToApp', to: '700999', note: 'Where is parcel 4412?' },
      ]),
    );
  });

  test('a note that Meta would not take is not sent', async () => {
    await openWindow(host);
    await openThread(3);
    await press('act-pass-to');
    const isShut = async () => ((await part('pass-now')) as HTMLButtonElement).disabled;
    await write('pass-note', '😀'.repeat(500));
    expect(await said('pass-left')).toMatch(/^1 character too many/);
    expect(await isShut()).toBe(true);
    await write('pass-note', '😀'.repeat(499));
    expect(await said('pass-left')).toBe('1 character left');
    expect(await isShut()).toBe(false);
  });

  test('every act has its key, also the asking where nothing can be taken', async () => {
    host.answers.openThread = ({ thread }) => {
      const found = host.rows.find((one) => one.thread === thread)!;
      const view = threadView(found, host.storeVersion);
      const owner = { ...view.row.owner, owner: 'other' as const, appName: 'Teabot' };
      const acts = ['request' as const];
      return { ...view, row: { ...view.row, owner }, composer: { ...view.composer, acts } };
    };
    await openWindow(host);
    await openThread(3);
    await key(document.body, 'T', { code: 'KeyT', ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(host.asked('actOnControl')).toMatchObject([{ act: 'request' }]));
    await key(document.body, 'O', { code: 'KeyO', ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(all('toast').at(-1)?.textContent).toMatch(/only what it holds/));
    expect(find('pass-on')).toBeNull();
  });

  test('whoever takes a thread that nobody works on works on it', async () => {
    await openWindow(host);
    await press('view-unassigned');
    await part('thread-row', '[data-thread="10"]');
    await openThread(10);
    (await part('act-take')).focus();
    await press('act-take');
    expect(await said('toast')).toContain('it is yours');
    expect(host.asked('assign')).toEqual([{ thread: 10, toMe: true }]);
    // The button goes; what is to be written is next.
    await waitFor(() => expect(document.activeElement).toBe(find('composer-text')));
  });
});

describe('keys', () => {
  const chord = (name: string, code: string, over: KeyboardEventInit) =>
    key(document.activeElement ?? document.body, name, { code, ...over });

  test('letters are text in the composer, and move in the list after Esc', async () => {
    const desk = await openWindow(host);
    await openThread(3);
    const box = await part('composer-text');
    await waitFor(() => expect(document.activeElement).toBe(box));
    await key(box, 'j', { code: 'KeyJ' });
    expect(desk.open?.thread).toBe(3);
    await key(box, 'Escape');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-thread')).toBe('3'));
    await key(document.activeElement!, 'j', { code: 'KeyJ' });
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    await part('composer');
    expect(document.activeElement?.getAttribute('role')).toBe('option');
  });

  test('single keys can be turned off; chords stay', async () => {
    const desk = await openWindow(host);
    desk.settings.set('singleKeys', false);
    await openThread(3);
    await key(await part('composer-text'), 'Escape');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-thread')).toBe('3'));
    await key(document.activeElement!, 'j', { code: 'KeyJ' });
    expect(desk.open?.thread).toBe(3);
    await chord('ArrowDown', 'ArrowDown', { altKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(4));
  });

  test('next to do takes who waits longest from the queue when none of mine waits', async () => {
    host.rows = [
      row({ thread: 1, name: 'Mara Lindt' }),
      row({ thread: 2, name: 'Jonas Weber', mine: false, assignee: null, needsReply: true }),
    ];
    const desk = await openWindow(host);
    await chord('j', 'KeyJ', { ctrlKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(2));
    expect(host.asked('assign')).toEqual([{ thread: 2, toMe: true }]);
  });

  test('a key whose act can do nothing says why not', async () => {
    const desk = await openWindow(host);
    const says = () => desk.toasts.shown.map(({ text }) => text);
    await chord('T', 'KeyT', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(says()).toContain(words.list.nothingPicked));
    await openThread(3);
    await chord('T', 'KeyT', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(says()).toContain(words.acts.not.yours));
    expect(host.asked('actOnControl')).toEqual([]);
  });

  test('next to do comes to nobody whose time to be answered is over', async () => {
    const shut = { needsReply: true, freeUntilMs: NOW - 2 * HOUR, lateUntilMs: NOW - HOUR };
    host.rows = [
      row({ thread: 1, name: 'Mara Lindt' }),
      row({ thread: 2, name: 'Jonas Weber', ...shut }),
    ];
    const desk = await openWindow(host);
    await chord('j', 'KeyJ', { ctrlKey: true });
    await waitFor(() =>
      expect(desk.toasts.shown.map(({ text }) => text)).toEqual([words.list.nobodyWaits]),
    );
    expect(desk.open).toBeNull();
  });

  test('somebody who still waits is not set aside without a word, and long enough to take it back', async () => {
    host.rows = [
      row({ thread: 1, name: 'Mara Lindt', needsReply: true, waitingSinceMs: NOW - HOUR }),
    ];
    const desk = await openWindow(host);
    await openThread(1);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      await chord('E', 'KeyE', { ctrlKey: true, shiftKey: true });
      await waitFor(() => expect(find('toast')?.textContent).toContain('nobody answered'));
      await vi.advanceTimersByTimeAsync(8_500);
      expect(desk.toasts.shown[0]?.acts.map(({ label }) => label)).toEqual(['Undo']);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(desk.toasts.shown).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('done can be undone', async () => {
    const desk = await openWindow(host);
    await openThread(2);
    await chord('E', 'KeyE', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(3));
    desk.undoLast();
    await waitFor(() => expect(desk.open?.thread).toBe(2));
    expect(host.asked('setStatus').map(({ status: { status } }) => status)).toEqual([
      'done',
      'open',
    ]);
  });

  const inComposer = () => document.activeElement?.closest('[data-test="composer"]') != null;
  const focusedThread = () => document.activeElement?.getAttribute('data-thread');
  const single = (letter: string) =>
    key(document.activeElement ?? document.body, letter, { code: `Key${letter.toUpperCase()}` });

  /** Opens a thread and steps out into the list. */
  async function inListAt(thread: number) {
    const desk = await openWindow(host);
    await openThread(thread);
    await waitFor(() => expect(inComposer()).toBe(true));
    await key(document.activeElement!, 'Escape');
    await waitFor(() => expect(focusedThread()).toBe(String(thread)));
    return desk;
  }

  test('done by a single key leaves the focus in the list, and so does taking it back', async () => {
    const desk = await inListAt(2);
    await single('e');
    await waitFor(() => expect(desk.open?.thread).toBe(3));
    await part('composer');
    await waitFor(() => expect(focusedThread()).toBe('3'));
    await chord('z', 'KeyZ', { ctrlKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(2));
    await part('composer');
    await waitFor(() => expect(focusedThread()).toBe('2'));
  });

  test('taking done back gives the focus to its row, however long the list takes to have it', async () => {
    const desk = await inListAt(2);
    const listThreads = host.answers.listThreads;
    host.answers.listThreads = async (request) => {
      await new Promise((later) => setTimeout(later, 80));
      return listThreads(request);
    };
    await single('e');
    await waitFor(() => expect(focusedThread()).toBe('3'));
    await waitFor(() => expect(find('thread-row', '[data-thread="2"]')).toBeNull());
    await chord('z', 'KeyZ', { ctrlKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(2));
    await waitFor(() => expect(focusedThread()).toBe('2'));
  });

  test('keys act on the row that has the focus, and not on another thread that is open', async () => {
    await inListAt(2);
    (await part('thread-row', '[data-thread="4"]')).focus();
    await single('e');
    await waitFor(() => expect(host.asked('setStatus')).toHaveLength(1));
    expect(host.asked('setStatus')[0]).toMatchObject({ thread: 4 });
  });

  test('keys act on the thread that was opened since, and not on a row that kept the focus', async () => {
    const desk = await inListAt(2);
    (await part('thread-row', '[data-thread="4"]')).focus();
    desk.openThread(3, 'thread');
    desk.wanted = null;
    await part('composer');
    await waitFor(() => expect(desk.openRow?.thread).toBe(3));
    expect(focusedThread()).toBe('4');
    await single('e');
    await waitFor(() => expect(host.asked('setStatus')).toHaveLength(1));
    expect(host.asked('setStatus')[0]).toMatchObject({ thread: 3 });
  });

  /** Thread 2 is open, its row is gone, and the first one was lent the focus. */
  async function lentToTheFirst() {
    const desk = await openWindow(host);
    await openThread(2);
    await waitFor(() => expect(inComposer()).toBe(true));
    host.rows = host.rows.filter((row) => row.thread !== 2);
    desk.list.query.ask();
    await waitFor(() => expect(find('thread-row', '[data-thread="2"]')).toBeNull());
    await key(document.activeElement!, 'Escape');
    await waitFor(() => expect(focusedThread()).toBe('1'));
    return desk;
  }

  test('keys act on the open thread when its row is gone and the focus was lent to another', async () => {
    await lentToTheFirst();
    // It does not look like the one that keys act on.
    const first = await part('thread-row', '[data-thread="1"]');
    await waitFor(() => expect(first.classList.contains('lent')).toBe(true));
    await single('e');
    await waitFor(() => expect(host.asked('setStatus')).toHaveLength(1));
    expect(host.asked('setStatus')[0]).toMatchObject({ thread: 2 });
  });

  test('the focus stays in the list when the row that has it leaves it', async () => {
    const desk = await inListAt(2);
    (await part('thread-row', '[data-thread="4"]')).focus();
    host.rows = host.rows.filter((row) => row.thread !== 4);
    desk.list.query.ask();
    await waitFor(() => expect(find('thread-row', '[data-thread="4"]')).toBeNull());
    await waitFor(() => expect(focusedThread()).toBe('2'));
  });

  test('nobody is drawn into the list who left it', async () => {
    const desk = await inListAt(2);
    (document.activeElement as HTMLElement).blur();
    host.rows = host.rows.filter((row) => row.thread !== 4);
    desk.list.query.ask();
    await waitFor(() => expect(find('thread-row', '[data-thread="4"]')).toBeNull());
    expect(document.activeElement).toBe(document.body);
  });

  test('a step from a row that the focus was lent to leads to that row', async () => {
    const desk = await lentToTheFirst();
    await key(document.activeElement!, 'ArrowDown');
    await waitFor(() => expect(desk.open?.thread).toBe(1));
    const first = await part('thread-row', '[data-thread="1"]');
    await waitFor(() => expect(first.classList.contains('lent')).toBe(false));
  });

  test('control is passed for the row that has the focus, once it is seen how that thread stands', async () => {
    const desk = await inListAt(2);
    (await part('thread-row', '[data-thread="4"]')).focus();
    await chord('y', 'KeyY', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    await waitFor(() => {
      desk.held.flush();
      expect(host.asked('actOnControl')).toMatchObject([{ thread: 4, act: 'release' }]);
    });
  });

  test('in the thread the focus stays there from thread to thread', async () => {
    const desk = await openWindow(host);
    await openThread(2);
    (await part('log')).focus();
    await single('e');
    await waitFor(() => expect(desk.open?.thread).toBe(3));
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
    await single('j');
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
  });

  test('done by a chord while writing goes on to the next composer', async () => {
    const desk = await openWindow(host);
    await openThread(2);
    await waitFor(() => expect(inComposer()).toBe(true));
    await chord('E', 'KeyE', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(desk.open?.thread).toBe(3));
    await waitFor(() => expect(inComposer()).toBe(true));
  });

  test('a click on Done leaves the focus out of the next composer', async () => {
    const desk = await openWindow(host);
    await openThread(2);
    (await part('done')).focus();
    await press('done');
    await waitFor(() => expect(desk.open?.thread).toBe(3));
    await waitFor(() => expect(focusedThread()).toBe('3'));
  });

  test.each([
    ['g d', async () => (await single('g'), await single('d'))],
    ['Ctrl+8', () => chord('8', 'Digit8', { ctrlKey: true })],
  ])('after %s the next thread opens without the composer taking the focus', async (_, go) => {
    host.rows = host.rows.map((one) =>
      [6, 7].includes(one.thread) ? { ...one, status: { status: 'done' } } : one,
    );
    const desk = await inListAt(3);
    await go();
    await waitFor(() => expect(find('thread-list')?.dataset['view']).toBe('done'));
    await waitFor(() => expect(focusedThread()).toBe('6'));
    await single('j');
    await waitFor(() => expect(desk.open?.thread).toBe(6));
    await part('composer');
    await waitFor(() => expect(focusedThread()).toBe('6'));
    await single('j');
    await waitFor(() => expect(desk.open?.thread).toBe(7));
    await waitFor(() => expect(focusedThread()).toBe('7'));
  });

  test('in a view without threads keys still do not write to a customer', async () => {
    host.rows = host.rows.filter((one) => one.status.status !== 'done');
    await inListAt(3);
    await chord('8', 'Digit8', { ctrlKey: true });
    await part('list-empty');
    expect(inComposer()).toBe(false);
    await single('r');
    await waitFor(() => expect(inComposer()).toBe(true));
  });

  test('the help lists the keys and gives the focus back', async () => {
    await openWindow(host);
    await chord('/', 'Slash', { ctrlKey: true });
    expect(await said('help-dialog')).toMatch(/Alt\+↓.*Ctrl\+Shift\+T/);
    await key(await part('help-dialog'), 'Escape');
    await waitFor(() => expect(find('help-dialog')).toBeNull());
  });

  test('in the help a key is found by what it does, by its heading and by what is pressed', async () => {
    await openWindow(host);
    await chord('/', 'Slash', { ctrlKey: true });
    const all = await part('help-dialog');
    const headings = () =>
      [...all.querySelectorAll('caption')].map(({ textContent }) => textContent);
    const lines = () => [...all.querySelectorAll('td:first-child')].map((one) => one.textContent);
    const { groups } = words.keys;
    expect(headings()).toEqual([
      groups.writing,
      groups.goOn,
      groups.answer,
      groups.handle,
      groups.control,
      groups.views,
      groups.picking,
      groups.board,
      groups.program,
    ]);
    await write('find-key', 'snooze');
    expect(lines()).toEqual([words.keys.snooze, words.keys.viewSnoozed, words.keys.pick]);
    await write('find-key', 'ctrl+3');
    expect(lines()).toEqual([words.keys.viewMentions]);
    await write('find-key', groups.control);
    expect(headings()).toEqual([groups.control]);
    expect(lines().length).toBeGreaterThan(3);
    await write('find-key', 'xyzzy');
    expect(await said('no-key')).toBe(words.keys.noKey);
  });

  test('the views have their numbers in the order of the rail', async () => {
    await openWindow(host);
    const parts = (await part('rail-middle')).querySelectorAll('[data-test^="view-"]');
    const rail = [...parts].map((one) => one.getAttribute('data-test')!.slice('view-'.length));
    const byNumber = bindings.flatMap(({ act, chords }) =>
      act.startsWith('view')
        ? [{ view: act[4]!.toLowerCase() + act.slice(5), chord: chords[0]! }]
        : [],
    );
    expect(byNumber.map((one) => one.chord)).toEqual([...'123456789'].map((n) => `Ctrl+${n}`));
    // Some views are only there while they have threads.
    expect(byNumber.map(({ view }) => view).filter((view) => rail.includes(view))).toEqual(rail);
    for (const { view, chord: keys } of byNumber) {
      const number = keys.slice(-1);
      await chord(number, `Digit${number}`, { ctrlKey: true });
      await waitFor(() => expect(find('thread-list')?.dataset['view']).toBe(view));
    }
  });
});

describe('setbacks', () => {
  const setback = {
    part: 'part-7',
    kind: 'notSent',
    thread: 4,
    name: 'Tomasz Wilk',
    words: { what: 'This was not sent: a colleague took the thread.', action: 'Look at it.' },
  } as const;

  function comesBack(over: Partial<Setback> = {}) {
    const setbacks = [{ ...setback, ...over }];
    host.answers.status = () => status({ setbacks });
    host.answers.toldOfSetback = () => {
      host.answers.status = () => status();
      return null;
    };
    host.tell({ notice: 'status' });
  }

  const button = (label: string) =>
    [...find('toast')!.querySelectorAll('button')].find(
      (one) => one.textContent === label || one.title === label,
    )!;

  test('a reply that came back is told wherever the agent is, and stays until it is heard', async () => {
    const desk = await openWindow(host);
    await openThread(3);
    vi.useFakeTimers();
    comesBack();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(find('toast', '[role="alert"]')?.textContent).toContain('Tomasz Wilk');
    expect(find('toast')?.textContent).toContain('a colleague took the thread');
    desk.toasts.show({ text: 'one' });
    desk.toasts.show({ text: 'two' });
    desk.toasts.show({ text: 'three' });
    desk.toasts.show({ text: 'four' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(all('toast')).toHaveLength(1);
    vi.useRealTimers();
    button('Open').click();
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    expect(host.asked('toldOfSetback')).toEqual([{ part: 'part-7' }]);
    await waitFor(() => expect(find('toast')).toBeNull());
  });

  test('closing it is enough, and it does not come again', async () => {
    await openWindow(host);
    await openThread(3);
    comesBack();
    await part('toast');
    button('Close').click();
    await waitFor(() => expect(host.asked('toldOfSetback')).toEqual([{ part: 'part-7' }]));
    host.tell({ notice: 'status' });
    await waitFor(() => expect(find('toast')).toBeNull());
  });

  test('going to its thread by another way ends it too', async () => {
    await openWindow(host);
    await openThread(3);
    comesBack();
    await part('toast');
    await openThread(4);
    await waitFor(() => expect(find('toast')).toBeNull());
    expect(host.asked('toldOfSetback')).toEqual([{ part: 'part-7' }]);
  });

  test('where the thread itself says it to somebody who looks, nothing covers it', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await openWindow(host);
    await openThread(4);
    await key(document.body, 'Shift');
    comesBack();
    await waitFor(() => expect(host.asked('toldOfSetback')).toEqual([{ part: 'part-7' }]));
    expect(find('toast')).toBeNull();
  });

  test('its row says that it was not sent', async () => {
    await openWindow(host);
    host.change(4, { draft: 'It takes two days.', notSent: true });
    expect(await said('row-not-sent')).toBe('Not sent');
  });

  test('a window that has the focus and that nobody touched for a while shows it', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await openWindow(host);
    await openThread(4);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 60_000);
    comesBack();
    expect(await said('toast')).toContain('Tomasz Wilk');
    vi.restoreAllMocks();
  });

  test('a thread that was not set done is told even where it is open', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await openWindow(host);
    await openThread(4);
    comesBack({ kind: 'notDone' });
    expect(await said('toast')).toContain('Tomasz Wilk');
  });
});

describe('what is not well', () => {
  test.each<ProblemKind>([
    'relayUnreachable',
    'metaUnreachable',
    'relayTooOld',
    'relayTooNew',
    'deskRevoked',
    'deskUnknown',
    'deskKeyGone',
    'noKeyStore',
    'pageRestricted',
    'storage',
  ])('%s has a banner with its words', async (kind) => {
    const words = { what: 'What happened.', action: 'What can be done.' };
    host.answers.session = () => session({ problems: [{ kind, account: null, words }] });
    await openWindow(host);
    expect(await said('banner', `[data-kind="${kind}"]`)).toContain(
      'What happened. What can be done.',
    );
  });

  test.each<[string, ProblemKind]>([
    ['the relay', 'relayUnreachable'],
    ['Meta', 'metaUnreachable'],
  ])('%s, when it is away, can be tried at once', async (_, kind) => {
    const words = { what: 'It cannot be reached.', action: 'Check the network.' };
    host.answers.session = () => session({ problems: [{ kind, account: null, words }] });
    await openWindow(host);
    expect(host.asked('wake')).toEqual([]);
    expect(await said('banner-try-now')).toBe('Try now');
    await press('banner-try-now');
    await waitFor(() => expect(host.asked('wake')).toEqual([null]));
    await press('banner-try-now');
    await waitFor(() => expect(host.asked('wake')).toEqual([null, null]));
  });

  test('a network that comes back is told to the desk, as long as the page is there', async () => {
    const desk = await openWindow(host);
    expect(find('banner-try-now')).toBeNull();
    window.dispatchEvent(new Event('online'));
    expect(host.asked('wake')).toEqual([null]);
    cleanup();
    window.dispatchEvent(new Event('online'));
    expect(host.asked('wake')).toEqual([null]);
    expect(desk.toasts.shown).toEqual([]);
  });

  test('a dead token names its account and leads to a new one', async () => {
    const words = { what: 'Meta no longer accepts the token.', action: 'Paste a new one.' };
    host.answers.session = () =>
      session({
        accounts: [northwind, { ...kite, token: 'dead' }],
        problems: [{ kind: 'tokenDead', account: kite.id, words }],
      });
    await openWindow(host);
    expect(await said('banner')).toContain('Kite & Co:');
    await press('reconnect');
    host.answers.session = () => session();
    await press('paste-instead');
    await write('page-token', 'EAAB-new');
    await press('check-token');
    await press('connect');
    await waitFor(() => expect(find('banner')).toBeNull());
    expect(host.asked('connectAccount')).toEqual([{ account: kite.id, token: 'EAAB-new' }]);
  });

  test('a repair is told until it was seen', async () => {
    const words = { what: 'This desk’s data was repaired.', action: 'Have the disk checked.' };
    host.answers.session = () =>
      session({ problems: [{ kind: 'repaired', account: null, words }] });
    await openWindow(host);
    expect(await said('banner')).toContain('was repaired. Have the disk checked.');
    host.answers.repairSeen = () => session();
    await press('repair-seen');
    await waitFor(() => expect(find('banner')).toBeNull());
    expect(host.asked('repairSeen')).toEqual([null]);
  });

  test('one that goes leaves its place while a hand is at the list', async () => {
    const words = { what: 'This desk’s data was repaired.', action: '' };
    host.answers.session = () =>
      session({ problems: [{ kind: 'repaired', account: null, words }] });
    await openWindow(host);
    const place = await part('banner-place');
    Object.defineProperty(place, 'offsetHeight', { value: 37 });
    const rows = find('thread-list')!.querySelector('.rows')!;
    const move = { bubbles: true, screenX: 5, screenY: 5 };
    rows.dispatchEvent(new MouseEvent('pointermove', move));
    host.answers.repairSeen = () => session();
    await press('repair-seen');
    await waitFor(() => expect(find('banner')).toBeNull());
    expect(place.style.minHeight).toBe('37px');
    rows.dispatchEvent(new MouseEvent('pointermove', { ...move, screenX: 6 }));
    await tick();
    expect(place.style.minHeight).toBe('37px');
    rows.dispatchEvent(new MouseEvent('pointerleave'));
    window.dispatchEvent(new MouseEvent('pointermove'));
    await tick();
    expect(place.style.minHeight).toBe('');
  });

  test.each<ProblemKind>(['deskRevoked', 'deskUnknown', 'deskKeyGone'])(
    '%s: the desk can join again with a new invite',
    async (kind) => {
      const words = { what: 'This desk must join again.', action: 'Ask for an invite.' };
      const revoked = { kind, account: null, words };
      host.answers.session = () => session({ problems: [revoked] });
      host.answers.enrol = () => session();
      await openWindow(host);
      await press('rejoin');
      const address = (await part('relay-address')) as HTMLInputElement;
      expect(address.value).toBe('https://relay.northwind.example');
      await waitFor(() => expect(document.activeElement).toBe(find('invite')));
      await write('invite', 'cake-and-tea');
      await press('check-relay');
      await press('enrol');
      await waitFor(() => expect(find('banner')).toBeNull());
      expect(find('rejoin-dialog')).toBeNull();
    },
  );

  test('a list that cannot be read says so and can be tried again', async () => {
    const list = host.answers.listThreads;
    host.answers.listThreads = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
    await openWindow(host);
    await waitFor(() => expect(find('thread-list')?.textContent).toContain('could not be read'));
    host.answers.listThreads = list;
    [...find('thread-list')!.querySelectorAll('button')]
      .find((one) => one.textContent === 'Try again')!
      .click();
    await part('thread-row');
  });

  test('an empty view says what would appear there', async () => {
    host.rows = [];
    await openWindow(host);
    expect(await said('list-empty')).toContain('Threads you take or answer appear here.');
  });

  test('replies that were looked for in vain are not said to be checked: their agents have to', async () => {
    host.answers.status = () => status({ repliesUnknown: 2, repliesChecking: 0 });
    await openWindow(host);
    const line = await part('status-line');
    await waitFor(() => expect(line.textContent).toContain('Not sure 2 replies were sent'));
    expect(line.textContent).toContain('send them again or close them');
    expect(line.textContent).not.toContain('being checked');
  });

  test('the status line counts replies that wait and that are being checked', async () => {
    const replies = { repliesWaiting: 2, repliesUnknown: 1, repliesChecking: 1 };
    host.answers.status = () => status({ ...replies, nowDoubtful: true });
    await openWindow(host);
    const line = await part('status-line');
    await waitFor(() => {
      for (const text of ['Meta ok', '2 replies wait', '1 reply being checked', 'Time not certain'])
        expect(line.textContent).toContain(text);
    });
  });

  test('the status line warns of threads whose control ends soon, and leads to them', async () => {
    const soon = { thread: host.rows[1]!.thread, name: 'Mara Lindt', untilMs: NOW + 25 * MINUTE };
    const over = { thread: host.rows[2]!.thread, name: 'Noa Brandt', untilMs: NOW - MINUTE };
    host.answers.status = () => status({ lapsing: [over, soon] });
    await openWindow(host);
    expect((await part('status-lapsing')).textContent).toContain('1 thread of yours lapses soon');
    const thread = await part('lapsing-thread');
    expect(thread.textContent).toContain('in 25 min');
    thread.click();
    await waitFor(() => expect(host.asked('openThread').at(-1)).toEqual({ thread: soon.thread }));
  });

  test('the status line counts threads with a reply that was not sent, and leads to them', async () => {
    const [failed, unsure] = [host.rows[1]!, host.rows[2]!];
    host.answers.status = () =>
      status({
        repliesUnknown: 1,
        repliesChecking: 0,
        notSent: [
          { thread: failed.thread, name: 'Mara Lindt', unsure: false },
          { thread: unsure.thread, name: 'Noa Brandt', unsure: true },
        ],
      });
    await openWindow(host);
    const entry = await part('status-notSent');
    expect(entry.textContent).toContain('1 not sent');
    expect(entry.dataset['health']).toBe('bad');
    const [first, second] = all('not-sent-thread');
    expect([first?.textContent?.trim(), second?.textContent?.trim()]).toEqual([
      'Mara Lindt',
      'Noa Brandt',
    ]);
    first!.click();
    await waitFor(() => expect(host.asked('openThread').at(-1)).toEqual({ thread: failed.thread }));
    second!.click();
    await waitFor(() => expect(host.asked('openThread').at(-1)).toEqual({ thread: unsure.thread }));
  });

  test('the row of a reply that Meta refused says that it was not sent', async () => {
    host.rows = [{ ...host.rows[0]!, outgoing: 'refused' }];
    await openWindow(host);
    expect(await said('row-refused')).toContain('Not sent');
  });

  test('the status line says when replies that Meta holds back are sent again', async () => {
    host.answers.status = () => status({ repliesWaiting: 2, sentAgainMs: NOW + 25 * MINUTE });
    await openWindow(host);
    const at = clockTime(NOW + 25 * MINUTE);
    expect(await said('status-line')).toContain(`Meta is throttling; sent again at ${at}.`);
    expect((await part('status-meta')).parentElement!.textContent).toContain(
      `The first is sent again at ${at}.`,
    );
  });
});

describe('a click on a layer of the status line', () => {
  test('shows how each account is: webhooks, what is missing here, older messages, what was missed', async () => {
    const filling = { ...accountStatus(northwind), lacks: 3_200, lacked: 9_600 };
    const missed = { ...upToDate, missed: 2 };
    const found = { ...accountStatus(kite), lastWebhookMs: null, history: missed };
    host.answers.status = () => status({ accounts: [filling, found] });
    await openWindow(host);
    await press('status-desk');
    const first = await said('account-status', `[data-account="${northwind.id}"]`);
    expect(first).toContain('Last heard from Meta: ');
    expect(first).toContain('3200 of 9600 older events still to be read');
    expect(first).toContain(upToDate.words.what);
    const second = await said('account-status', `[data-account="${kite.id}"]`);
    expect(second).toContain('Nothing came from Meta yet');
    expect(second).toContain('2 messages did not arrive by themselves and were found');
    await key(await part('status-desk'), 'Escape');
    await waitFor(() => expect(find('account-status')).toBeNull());
  });

  test('says so of an account while the relay is away, and promises nothing', async () => {
    const relay = { short: 'Relay not reached', words: { what: '', action: '' } };
    host.answers.status = () => ({ ...status(), relay: { ...relay, health: 'bad' as const } });
    await openWindow(host);
    await press('status-relay');
    const first = await said('account-status', `[data-account="${northwind.id}"]`);
    expect(first).toContain(words.status.account.relayAway);
    expect(first).not.toContain(words.status.account.whole);
  });
});

describe('the rail', () => {
  const rail = () => document.querySelector<HTMLElement>('nav')!;

  test.each([
    [{ token: 'dead' }, 'Meta refuses its Page token'],
    [{ token: 'missing' }, 'no Page token on this computer'],
    [{ token: 'locked' }, 'the key store is locked'],
    [{ connected: false }, 'not connected yet'],
  ] as const)('an account that is not well is marked, and says why: %o', async (over, why) => {
    host.answers.session = () => session({ accounts: [northwind, { ...kite, ...over }] });
    await openWindow(host);
    const marked = await part('account', '[data-unwell]');
    expect(marked.dataset['account']).toBe(kite.id);
    expect(marked.title).toBe(`Show only Kite & Co: ${why}`);
    expect(marked.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(why);
  });

  test('a single account is shown only while it is not well, and leads to the settings', async () => {
    const dead = fact('token', 'refused by Meta', { state: 'bad' });
    const accounts = [{ ...northwind, token: 'dead' as const, health: [dead] }];
    host.answers.session = () => session({ accounts });
    await openWindow(host);
    await press('account', '[data-unwell]');
    expect(await said('account-details')).toContain('refused by Meta');
    await key(await part('settings-dialog'), 'Escape');
    host.answers.session = () => session({ accounts: [northwind] });
    host.tell({ notice: 'session' });
    await waitFor(() => expect(find('account')).toBeNull());
  });

  test('accounts stand under their name, and the one that is shown alone is named above the list', async () => {
    await openWindow(host);
    const group = (await part('account')).closest('[role=group]');
    expect(group?.getAttribute('aria-label')).toBe('Show one account');
    expect(group?.textContent).toContain('Accounts');
    const kites = `[data-account="${kite.id}"]`;
    await press('account', kites);
    expect(await said('only-account')).toBe('Only Kite & Co');
    expect((await part('account', kites)).title).toContain('Show all accounts');
    await press('every-account');
    await waitFor(() => expect(find('only-account')).toBeNull());
    expect((await part('account', kites)).getAttribute('aria-pressed')).toBe('false');
  });

  test('who is signed in, and on which relay, is said at its foot', async () => {
    await openWindow(host);
    const me = await part('me');
    const who = 'Signed in as Ines Kremer at Northwind, on https://relay.northwind.example';
    await part('me', '[data-state="online"]');
    expect(me.getAttribute('aria-label')).toBe(`You are: online. ${who}`);
    expect(me.title).toBe(`You are: online. ${who} (Alt+P)`);
  });

  test('labels show while Alt is held, and go when it is let go or the window loses the focus', async () => {
    await openWindow(host);
    const labels = () => rail().classList.contains('labels');
    expect(labels()).toBe(false);
    await key(document.body, 'Alt', { altKey: true });
    expect(labels()).toBe(true);
    window.dispatchEvent(new KeyboardEvent('keyup', { key: 'Alt' }));
    await waitFor(() => expect(labels()).toBe(false));
    await key(document.body, 'Alt', { altKey: true });
    window.dispatchEvent(new Event('blur'));
    await waitFor(() => expect(labels()).toBe(false));
  });
});

test('the head of the list says its counts in parts, and begins with the number of the rail', async () => {
  await openWindow(host);
  const parts = (await part('list-counts')).children;
  expect([...parts].map((one) => one.textContent)).toEqual(['4 of 9', 'to answer']);
  expect(await said('view-mine', ' .badge')).toMatch(/^4\D*4 to answer$/);
});

test('rows can be compact, and stay so', async () => {
  await openWindow(host);
  await part('thread-row');
  const slot = () => find('thread-row')!.parentElement!;
  expect(slot().style.height).toBe('64px');
  await press('settings');
  await press('rows-compact');
  await waitFor(() => expect(slot().style.height).toBe('48px'));
  expect(find('thread-row')?.classList.contains('compact')).toBe(true);
  expect(host.settings.get('rows')).toBe('"compact"');
});

describe('the room of the files', () => {
  test('is shown with what is used, and can be changed', async () => {
    await openWindow(host);
    await press('settings');
    const room = (await part('vault-room')) as HTMLInputElement;
    await waitFor(() => expect(room.value).toBe('2.15'));
    expect(await said('vault-words')).toMatch(
      /^They take 412 MB now\. When that is full, the oldest/,
    );
    host.answers.setVault = ({ room }) => ({ ...host.vault, room: room!, held: 100_000_000 });
    await write('vault-room', '0,5');
    await press('save-vault');
    await waitFor(() => expect(host.asked('setVault')).toEqual([{ room: 500_000_000 }]));
    expect(await said('toast')).toContain('The oldest files were removed; they take 100 MB now.');
  });

  test.each([
    ['0.01', 'At least 134.2 MB'],
    ['much', 'Write a number'],
    ['', 'Write a number'],
  ])('is not changed to %o', async (text, why) => {
    await openWindow(host);
    await press('settings');
    await part('vault-room');
    await write('vault-room', text);
    await waitFor(() => expect(find('vault-words')?.textContent).toContain(why));
    expect(find('save-vault')?.hasAttribute('disabled')).toBe(true);
  });
});

test('every fact for support is shown, also where two have one name', async () => {
  host.answers.diagnostics = () => ({
    facts: [
      { name: 'Version', value: '0.1.0' },
      { name: 'Version', value: '0.2.0' },
    ],
  });
  await openWindow(host);
  await press('settings');
  await press('tab-diagnostics');
  expect(await said('diagnostics')).toBe('Version 0.1.0Version 0.2.0');
});
