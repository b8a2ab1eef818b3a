/** The supervisor's board: what it shows, threads that are dragged and given by keys, somebody who is full, many agents. */
import { cleanup, fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desk } from '../../app/desk.svelte';
import type { BoardAgent } from '$lib/contract';
import { words } from '$lib/words';
import { FakeHost } from '../../test/fake-host';
import { HOUR, northwind, NOW, row, session, team } from '../../test/people';
import { all, find, key, openWindow, part, press, said, waitFor } from '../../test/window';

let host: FakeHost;
let desk: Desk;

const column = (name: string) => `[data-column="${name}"]`;
const inColumn = (name: string) =>
  [...document.querySelectorAll<HTMLElement>(`${column(name)} [data-test="board-card"]`)].map(
    (card) => Number(card.dataset['thread']),
  );
const card = (name: string, thread: number) =>
  document.querySelector<HTMLElement>(
    `${column(name)} [data-test="board-card"][data-thread="${thread}"]`,
  )!;
const agentRow = (agent: string) => find('board-agent', `[data-agent="${agent}"]`)!;

const pointer = (type: string, x: number, y: number) =>
  new MouseEvent(type, {
    bubbles: true,
    button: 0,
    clientX: x,
    clientY: y,
    screenX: x,
    screenY: y,
  });

/** Takes a card, over a few places, and lets it go on the last. */
async function drag(from: Element, ...over: Element[]): Promise<void> {
  from.dispatchEvent(pointer('pointerdown', 10, 10));
  for (const [at, place] of over.entries()) {
    place.dispatchEvent(pointer('pointermove', 60 + 10 * at, 60));
    await Promise.resolve();
  }
  // No click follows: the button went down elsewhere.
  over.at(-1)!.dispatchEvent(pointer('pointerup', 60 + 10 * over.length, 60));
  await Promise.resolve();
}

async function openBoard(): Promise<void> {
  desk = await openWindow(host);
  await press('open-board');
  await part('board-card');
  await waitFor(() => expect(all('board-agent').length).toBeGreaterThan(0));
}

/** Samir waits and ends soon, Paula later, Greta in the queue, Dana with Jonas. */
beforeEach(() => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Paula', needsReply: true, freeUntilMs: NOW + 5 * HOUR }),
    row({
      thread: 2,
      name: 'Samir',
      needsReply: true,
      waitingSinceMs: NOW - 23 * HOUR,
      freeUntilMs: NOW + HOUR / 2,
      urgent: true,
    }),
    row({ thread: 3, name: 'Leonie', needsReply: false }),
    row({ thread: 4, name: 'Greta', assignee: null, mine: false, needsReply: true }),
    row({ thread: 5, name: 'Dana', assignee: 'Jonas', mine: false }),
  ];
});

test('a page that has ended does not read who has what, although news had come just before', async () => {
  await openBoard();
  host.tell({ notice: 'presence' });
  cleanup();
  const before = host.calls.length;
  await new Promise((done) => setTimeout(done, 400));
  const asked = host.calls.slice(before).map(({ name }) => name);
  expect(asked).not.toContain('boardAgents');
});

describe('what it shows', () => {
  test('who is too late first stands first, with the time that is left, and the queue has a column', async () => {
    await openBoard();
    expect(inColumn('all')).toEqual([2, 1, 4, 3, 5]);
    expect(inColumn('queue')).toEqual([4]);
    expect(card('all', 2).textContent).toContain(words.board.endsIn('30 min'));
    expect(card('all', 2).querySelector('[data-test="card-ends"]')!.className).toContain('bad');
    expect(card('all', 2).textContent).toContain(words.board.waits('23 h'));
    expect(card('all', 5).querySelector('[data-test="card-agent"]')!.textContent).toBe('Jonas');
    // What a narrow column cuts off is told where the pointer rests.
    const standing = card('all', 5).querySelector('[data-test="card-standing"]')!;
    expect(standing.getAttribute('title')?.split('\n')).toEqual(
      expect.arrayContaining(['Jonas', northwind.name]),
    );
  });

  test('a card says how many of its tags its column is too narrow for', async () => {
    // The third and those after it stand on a second line.
    vi.spyOn(HTMLElement.prototype, 'offsetTop', 'get').mockImplementation(function (
      this: HTMLElement,
    ) {
      const inLine = this.parentElement?.classList.contains('tags') ?? false;
      return inLine && [...this.parentElement!.children].indexOf(this) >= 2 ? 24 : 0;
    });
    await openBoard();
    const more = () => card('all', 2).querySelector('[data-test="card-more"]');
    const tags = card('all', 2).querySelectorAll('.tags > *').length;
    expect(tags).toBeGreaterThan(2);
    await waitFor(() => expect(more()?.textContent).toBe(words.board.moreTags(tags - 2)));
    expect(more()!.getAttribute('aria-hidden')).toBe('true');
    vi.restoreAllMocks();
  });

  test('each agent has a row with presence, load, the oldest wait and what is due, also in words', async () => {
    await openBoard();
    const ines = agentRow('a-ines');
    expect(ines.querySelector('[data-test="agent-load"]')!.textContent).toBe('3 of 20');
    expect(ines.textContent).toContain(words.board.oldest('23 h'));
    expect(ines.textContent).toContain(words.board.due(1));
    expect(ines.getAttribute('aria-label')).toContain(words.board.loadLong(3, 20));
    expect(ines.querySelector('[data-test="presence-dot"]')).not.toBeNull();
  });

  test('a column for an agent comes and goes, and the choice is kept', async () => {
    await openBoard();
    await fireEvent.click(agentRow('a-jonas'));
    await waitFor(() => expect(inColumn('a-jonas')).toEqual([5]));
    expect(host.settings.get('boardColumns')).toBe('["queue","all","a-jonas"]');
    await press('column-hide', '');
    await waitFor(() => expect(find('board-column', column('all'))).toBeNull());
    expect(host.settings.get('boardColumns')).toBe('["queue","a-jonas"]');
  });

  test('filters and the order go to the host, and what fits nothing says so', async () => {
    await openBoard();
    await press('board-only-waiting');
    await waitFor(() => expect(inColumn('all')).toEqual([2, 1, 4]));
    await press('board-status');
    await press('option', '[data-value="waitingOnCustomer"]');
    await waitFor(() => expect(find('column-empty')?.textContent).toBe(words.board.emptyFiltered));
    const { status, onlyWaiting, sort } = host.asked('board').at(-1)!;
    expect({ status, onlyWaiting, sort }).toEqual({
      status: 'waitingOnCustomer',
      onlyWaiting: true,
      sort: 'breach',
    });
  });

  test('news are followed', async () => {
    await openBoard();
    host.change(3, { needsReply: true, freeUntilMs: NOW + HOUR / 3 });
    await waitFor(() => expect(inColumn('all')[0]).toBe(3));
  });

  test('a thread is read in place, and taken over there', async () => {
    await openBoard();
    await fireEvent.click(card('all', 5));
    await part('thread', '[data-thread="5"]');
    expect(find('board')).not.toBeNull();
    await key(card('all', 5), 'i');
    await waitFor(() => expect(host.calls.some(({ name }) => name === 'giveThread')).toBe(true));
  });

  test('what cannot be read says what happened, and is read again', async () => {
    const { board } = host.answers;
    host.answers.board = () => {
      throw { code: 'storage', message: 'The file is damaged.', action: '', retryable: true };
    };
    desk = await openWindow(host);
    await press('open-board');
    await waitFor(() => expect(find('board')!.textContent).toContain('The file is damaged.'));
    host.answers.board = board;
    await fireEvent.click(find('board-column')!.querySelector('.failed button')!);
    await part('board-card');
  });
});

describe('who may see it', () => {
  test('an agent has no way to it, and the key says for whom it is', async () => {
    host.answers.session = () => session({ accounts: [{ ...northwind, role: 'agent' }] });
    desk = await openWindow(host);
    expect(find('open-board')).toBeNull();
    await key(document.body, '0', { code: 'Digit0', ctrlKey: true });
    expect(find('board')).toBeNull();
    expect(await said('toast')).toContain(words.board.forSupervisorsWhat);
  });

  test('a supervisor begins there, until they leave it', async () => {
    host.answers.session = () => session({ accounts: [{ ...northwind, role: 'supervisor' }] });
    desk = await openWindow(host);
    await part('board-card');
    await press('board-leave');
    await part('thread-list');
    expect(host.settings.get('start')).toBe('"inbox"');
    cleanup();
    desk = await openWindow(host);
    await part('thread-list');
    expect(find('board')).toBeNull();
    cleanup();
    host.settings.set('start', '"board"');
    desk = await openWindow(host);
    await part('board-card');
  });

  test('an admin comes by the key and goes by it', async () => {
    desk = await openWindow(host);
    await key(document.body, '0', { code: 'Digit0', ctrlKey: true });
    await part('board-card');
    await key(document.body, '0', { code: 'Digit0', ctrlKey: true });
    await part('thread-list');
    expect(find('board')).toBeNull();
  });
});

describe('dragging', () => {
  test('a thread goes to an agent, says on its way so, and comes back by undo', async () => {
    await openBoard();
    await drag(card('queue', 4), agentRow('a-jonas'), agentRow('a-ada'));
    await waitFor(() => expect(host.asked('actOnMany')).toHaveLength(1));
    expect(host.asked('actOnMany')[0]).toEqual({
      threads: [4],
      act: { act: 'assign', to: 'a-ada' },
    });
    await waitFor(() => expect(inColumn('queue')).toEqual([]));
    expect(await said('toast')).toContain(words.board.gave(1, 'Ada Okoro'));
    expect(desk.open).toBeNull();
    const acts = [...(await part('toast')).querySelectorAll('button')];
    await fireEvent.click(
      acts.find(({ textContent }) => textContent?.includes(words.common.undo))!,
    );
    await waitFor(() => expect(inColumn('queue')).toEqual([4]));
    expect(host.asked('undoMany')[0]!.threads[0]).toMatchObject({
      thread: 4,
      before: { was: 'assignee', assignee: null },
    });
  });

  test('all that are picked go along, to the queue too', async () => {
    await openBoard();
    await fireEvent.click(card('all', 1), { ctrlKey: true });
    await fireEvent.click(card('all', 2), { ctrlKey: true });
    card('all', 1).dispatchEvent(pointer('pointerdown', 10, 10));
    window.dispatchEvent(pointer('pointermove', 40, 40));
    expect(await said('board-ghost')).toBe(words.board.dragging(2));
    find('board-column', column('queue'))!.dispatchEvent(pointer('pointerup', 60, 60));
    await waitFor(() =>
      expect(host.asked('actOnMany')[0]).toEqual({
        threads: [1, 2],
        act: { act: 'assign', to: null },
      }),
    );
    await waitFor(() => expect(inColumn('queue').sort()).toEqual([1, 2, 4]));
  });

  test('nothing moves while something is dragged, and Esc lets go of it', async () => {
    await openBoard();
    card('queue', 4).dispatchEvent(pointer('pointerdown', 10, 10));
    window.dispatchEvent(pointer('pointermove', 60, 60));
    await part('board-ghost');
    host.change(3, { needsReply: true, freeUntilMs: NOW + HOUR / 3 });
    await waitFor(() => expect(find('column-moved')).not.toBeNull());
    expect(inColumn('all')[0]).toBe(2);
    await key(document.body, 'Escape');
    await waitFor(() => expect(find('board-ghost')).toBeNull());
    await waitFor(() => expect(inColumn('all')[0]).toBe(3));
    find('board-column', column('all'))!.dispatchEvent(pointer('pointerup', 60, 60));
    expect(host.asked('actOnMany')).toEqual([]);
  });

  test('a press that does not move opens, and what is let go nowhere or at home stays', async () => {
    await openBoard();
    await drag(card('queue', 4), find('board-column', column('all'))!);
    await drag(card('queue', 4), find('board-column', column('queue'))!);
    expect(host.asked('actOnMany')).toEqual([]);
    expect(desk.open).toBeNull();
    card('queue', 4).dispatchEvent(pointer('pointerdown', 10, 10));
    card('queue', 4).dispatchEvent(pointer('pointerup', 11, 10));
    await fireEvent.click(card('queue', 4));
    await part('thread', '[data-thread="4"]');
  });
});

describe('whoever is full', () => {
  beforeEach(() => {
    host.limit = 3;
  });

  test('looks so, says so, and gets more only once that was said', async () => {
    await openBoard();
    expect(agentRow('a-ines').textContent).toContain(words.board.full);
    expect(agentRow('a-ines').getAttribute('aria-label')).toContain(
      words.board.fullOn([northwind.name]),
    );
    await drag(card('queue', 4), agentRow('a-ines'));
    expect(await said('board-full-says')).toContain(
      words.board.fullWhat('Ines Kremer', 3, 3, northwind.name),
    );
    expect(host.asked('actOnMany')).toEqual([]);
    await press('board-full-keep');
    await waitFor(() => expect(find('board-full')).toBeNull());
    await drag(card('queue', 4), agentRow('a-ines'));
    await press('board-full-anyway');
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'a-ines' }));
  });

  test('is asked about too where the threads that are given would be too many', async () => {
    host.limit = 2;
    host.rows = host.rows.map((one) => ({ ...one, assignee: null, mine: false }));
    await openBoard();
    await key(card('queue', 2), 'a', { ctrlKey: true });
    await drag(card('queue', 2), agentRow('a-ada'));
    expect(await said('board-full-says')).toContain(
      words.board.fullWhat('Ada Okoro', 0, 2, northwind.name),
    );
  });
});

describe('by keys', () => {
  test('from card to card and column to column, and a thread is given in the picker', async () => {
    await openBoard();
    card('all', 2).focus();
    await key(card('all', 2), 'ArrowDown');
    await waitFor(() => expect(document.activeElement).toBe(card('all', 1)));
    await key(card('all', 1), 'ArrowLeft');
    await waitFor(() => expect(document.activeElement).toBe(card('queue', 4)));
    await key(card('queue', 4), 'a');
    const field = await part('board-give-find');
    expect(await said('board-give-to', '[data-key="a-ines"]')).toContain('3 of 20');
    await fireEvent.input(field, { target: { value: 'ada' } });
    await waitFor(() => expect(all('board-give-to')).toHaveLength(1));
    await key(field, 'Enter');
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'a-ada' }));
    await waitFor(() => expect(inColumn('queue')).toEqual([]));
  });

  test('a card that leaves its column leaves the focus to the next one there, the last one to the head', async () => {
    await openBoard();
    card('all', 2).focus();
    await key(card('all', 2), 'ArrowDown');
    await waitFor(() => expect(document.activeElement).toBe(card('all', 1)));
    const [, , next] = inColumn('all');
    host.change(1, { status: { status: 'done' } });
    await waitFor(() => expect(inColumn('all')).not.toContain(1));
    await waitFor(() => expect(document.activeElement).toBe(card('all', next!)));
    card('queue', 4).focus();
    host.change(4, { mine: true, assignee: 'Ines' });
    await waitFor(() => expect(inColumn('queue')).toEqual([]));
    const head = document.querySelector(`${column('queue')} h2`);
    await waitFor(() => expect(document.activeElement).toBe(head));
  });

  test('who went elsewhere meanwhile is not taken back by a card that leaves', async () => {
    await openBoard();
    card('queue', 4).focus();
    agentRow('a-ada').focus();
    host.change(4, { mine: true, assignee: 'Ines' });
    await waitFor(() => expect(inColumn('queue')).toEqual([]));
    expect(document.activeElement).toBe(agentRow('a-ada'));
  });

  test('all that are picked are given together', async () => {
    await openBoard();
    card('all', 2).focus();
    await key(card('all', 2), 'x');
    await key(card('all', 2), 'ArrowDown', { shiftKey: true });
    await waitFor(() => expect(document.activeElement).toBe(card('all', 1)));
    await key(card('all', 1), 'a');
    await part('board-give');
    await key(await part('board-give-find'), 'Enter');
    await waitFor(() => expect(host.asked('actOnMany')[0]!.threads.sort()).toEqual([1, 2]));
  });

  test('one Tab comes to the agents, and arrows go through them', async () => {
    await openBoard();
    const stops = () => all('board-agent').filter(({ tabIndex }) => tabIndex === 0);
    expect(stops()).toHaveLength(1);
    stops()[0]!.focus();
    await key(stops()[0]!, 'End');
    await waitFor(() => expect(document.activeElement).toBe(agentRow('a-petra')));
    await key(agentRow('a-petra'), 'ArrowUp');
    await waitFor(() => expect(document.activeElement).toBe(agentRow('a-jonas')));
    expect(stops()).toEqual([agentRow('a-jonas')]);
  });

  test('what is dragged near the end of the columns brings those out of sight, and marks what lies below it then', async () => {
    await openBoard();
    const strip = await part('board-columns');
    strip.getBoundingClientRect = () =>
      ({ left: 200, right: 1000, top: 0, bottom: 600 }) as DOMRect;
    document.elementFromPoint = () => agentRow('a-jonas');
    card('all', 1).dispatchEvent(pointer('pointerdown', 600, 300));
    strip.dispatchEvent(pointer('pointermove', 995, 300));
    await waitFor(() => expect(strip.scrollLeft).toBeGreaterThan(0));
    expect(desk.board.drag.over).toBe('a-jonas');
    await key(document.body, 'Escape');
    const { scrollLeft } = strip;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    expect(strip.scrollLeft).toBe(scrollLeft);
  });

  test('from an agent’s row one Tab comes to returning their threads', async () => {
    const people = team().people.map((one) => ({ ...one, mayReturn: one.agent === 'a-jonas' }));
    host.presence = { ...team(), people };
    await openBoard();
    const acts = () => all('board-return-threads-of');
    await waitFor(() => expect(acts()).toHaveLength(1));
    agentRow('a-jonas').focus();
    await waitFor(() => expect(acts()[0]!.tabIndex).toBe(0));
    expect(acts()[0]!.getAttribute('aria-label')).toMatch(/Jonas/);
    acts()[0]!.focus();
    await fireEvent.click(acts()[0]!);
    await part('return-threads');
    expect(host.asked('returning').at(-1)).toEqual({ agent: 'a-jonas' });
  });

  test('whose role ended and who has threads still is not set offline: their threads are returned', async () => {
    const name = 'Otto Brandt';
    const none = {
      open: 0,
      onCustomer: 0,
      waiting: 0,
      oldestWaitMs: null,
      due: 0,
      nextDueMs: null,
    };
    host.moreAgents = [
      {
        agent: 'a-otto',
        name,
        me: false,
        state: 'offline',
        work: none,
        accounts: [],
        mayReturn: true,
      },
    ];
    const accounts = [
      { id: '101', name: 'Northwind Tea', channel: 'messenger' as const, threads: 2 },
    ];
    host.answers.returning = ({ agent }) => ({
      agent,
      name,
      accounts,
      threads: 2,
      setsOffline: false,
    });
    await openBoard();
    const act = await part('board-return-threads-of', '[data-agent="a-otto"]');
    expect(act.textContent).toBe(words.returning.actOnly);
    await fireEvent.click(act);
    expect(await said('returning-says')).toBe(words.returning.threads(2));
    expect(find('return-threads')!.textContent).not.toContain(words.returning.offline(name));
    expect(await said('returning-go')).toBe(words.returning.goOnly(2));
    await press('returning-go');
    await waitFor(() => expect(host.asked('returnThreads')).toEqual([{ agent: 'a-otto' }]));
    expect(await said('toast')).toContain(words.returning.didOnly('Jonas Falk', 2));
  });

  test('where snoozed threads are, is said, and shown', async () => {
    await openBoard();
    expect(await said('board-asleep')).toContain(words.board.asleep);
    await press('board-show-asleep');
    await waitFor(() => expect(desk.list.view).toBe('snoozed'));
    expect(find('board')).toBeNull();
  });

  test('Enter opens beside the board, and Esc comes back to the card', async () => {
    await openBoard();
    card('all', 1).focus();
    await key(card('all', 1), 'Enter');
    await part('thread', '[data-thread="1"]');
    await waitFor(() => expect(document.activeElement).toBe(card('all', 1)));
    await key(card('all', 1), 'Escape');
    await waitFor(() => expect(desk.open).toBeNull());
  });
});

describe('very many', () => {
  test('200 agents and 10 000 threads: few are drawn, and one is found by name', async () => {
    const work = {
      open: 9,
      onCustomer: 1,
      waiting: 2,
      oldestWaitMs: NOW - HOUR,
      due: 0,
      nextDueMs: null,
    };
    host.moreAgents = Array.from({ length: 196 }, (_, at): BoardAgent => {
      const number = String(at).padStart(3, '0');
      const state = at % 2 === 0 ? 'offline' : 'online';
      return {
        agent: `b-${number}`,
        name: `Zoë ${number}`,
        me: false,
        state,
        work,
        accounts: [
          { account: northwind.id, name: northwind.name, open: 9, limit: 20, full: false },
        ],
        mayReturn: false,
      };
    });
    host.rows = Array.from({ length: 10_000 }, (_, at) =>
      row({
        thread: at + 1,
        name: `Customer ${at + 1}`,
        assignee: at % 2 === 0 ? null : 'Ines',
        mine: at % 2 === 1,
        lastMs: NOW - at * 1_000,
      }),
    );
    await openBoard();
    expect(all('board-agent').length).toBeLessThan(60);
    expect(all('board-card').length).toBeLessThan(80);
    expect(find('column-total', '')!.textContent).toBe('5000');
    await fireEvent.input(find('board-find-agent')!, { target: { value: 'zoe 195' } });
    await waitFor(() => expect(all('board-agent')).toHaveLength(1));
    await drag(card('queue', 1), agentRow('b-195'));
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'b-195' }));
  });
});

describe('its own window', () => {
  test('the host opens it, and the board leaves this one', async () => {
    await openBoard();
    await press('board-own-window');
    await waitFor(() => expect(host.asked('openBoard')).toHaveLength(1));
    await part('thread-list');
    expect(await said('toast')).toContain(words.board.inOwn);
  });
});
