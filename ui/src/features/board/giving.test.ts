/** Giving threads on the board: what a drag leaves alone, who is asked about first, and numbers that are of one account only. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desk } from '../../app/desk.svelte';
import { words } from '$lib/words';
import { FakeHost } from '../../test/fake-host';
import { kite, northwind, person, row, session, team } from '../../test/people';
import { all, find, key, openWindow, part, press, said, waitFor } from '../../test/window';

const w = words.board;
let host: FakeHost;
let desk: Desk;

beforeEach(() => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Paula', needsReply: true }),
    row({ thread: 4, name: 'Greta', assignee: null, mine: false, needsReply: true }),
  ];
});

const card = (thread: number) => find('board-card', `[data-thread="${thread}"]`)!;
const agentRow = (agent: string) => find('board-agent', `[data-agent="${agent}"]`)!;
const pointer = (type: string, x: number, y: number) =>
  new MouseEvent(type, { bubbles: true, button: 0, clientX: x, clientY: y });

async function openBoard(): Promise<void> {
  desk = await openWindow(host);
  await press('open-board');
  await part('board-card');
  await waitFor(() => expect(all('board-agent').length).toBeGreaterThan(0));
}

/** Takes a card and holds it over a place. */
async function hold(thread: number, over: Element): Promise<void> {
  card(thread).dispatchEvent(pointer('pointerdown', 10, 10));
  over.dispatchEvent(pointer('pointermove', 60, 60));
  await part('board-ghost');
}

async function drag(thread: number, to: Element): Promise<void> {
  await hold(thread, to);
  to.dispatchEvent(pointer('pointerup', 60, 60));
}

/** Whether text may begin to be selected there now. */
const selects = (at: Element) =>
  at.dispatchEvent(new Event('selectstart', { bubbles: true, cancelable: true }));

describe('a drag', () => {
  test('selects no text from the press on, and lets go of what was selected', async () => {
    await openBoard();
    const heading = find('board-agents')!.querySelector('h2')!;
    expect(selects(heading)).toBe(true);
    const cleared = vi.spyOn(getSelection()!, 'removeAllRanges');
    card(4).dispatchEvent(pointer('pointerdown', 10, 10));
    expect(selects(heading)).toBe(false);
    expect(cleared).not.toHaveBeenCalled();
    heading.dispatchEvent(pointer('pointermove', 60, 60));
    expect(cleared).toHaveBeenCalledTimes(1);
    expect(selects(heading)).toBe(false);
    heading.dispatchEvent(pointer('pointerup', 60, 60));
    expect(selects(heading)).toBe(true);
    cleared.mockRestore();
  });

  test('has no tooltip in its way, on agents never, elsewhere not while it lasts', async () => {
    const people = team().people.map((one) => ({ ...one, mayReturn: one.agent === 'a-jonas' }));
    host.presence = { ...team(), people };
    await openBoard();
    await press('board-agent', '[data-agent="a-ada"]');
    await part('board-column', '[data-column="a-ada"]');
    const places = '[data-drop] [title], [data-drop][title], [data-no-drop] [title]';
    // The pictures take no events meanwhile.
    const titled = () =>
      [...document.querySelectorAll(places)].filter((one) => !one.closest('.avatar, .faces'));
    expect(agentRow('a-ada').hasAttribute('title')).toBe(false);
    expect(agentRow('a-ada').getAttribute('aria-label')).toContain(w.showColumn('Ada Okoro'));
    expect(titled().length).toBeGreaterThan(0);
    await hold(4, agentRow('a-ada'));
    expect(titled().map(({ outerHTML }) => outerHTML)).toEqual([]);
    await key(document.body, 'Escape');
    await waitFor(() => expect(titled().length).toBeGreaterThan(0));
  });

  test('over everybody says that nothing is dropped there', async () => {
    await openBoard();
    const everybody = find('board-column', '[data-column="all"]')!;
    expect(everybody.classList.contains('shut')).toBe(false);
    await hold(4, everybody);
    expect(await said('board-refused')).toBe(w.notThere);
    expect(everybody.classList.contains('shut')).toBe(true);
    agentRow('a-ada').dispatchEvent(pointer('pointermove', 70, 70));
    await waitFor(() => expect(find('board-refused')).toBeNull());
    everybody.dispatchEvent(pointer('pointerup', 60, 60));
    await waitFor(() => expect(everybody.classList.contains('shut')).toBe(false));
    expect(host.asked('actOnMany')).toEqual([]);
  });
});

describe('who is not there', () => {
  test('is asked about after a drop, and gets the thread when it is meant', async () => {
    await openBoard();
    await drag(4, agentRow('a-jonas'));
    expect(await said('board-full-says')).toContain(w.awayWhat('Jonas Falk', 'away', 1));
    expect(find('board-full')!.textContent).toContain(w.awayTitle('Jonas Falk', 'away'));
    expect(find('board-full-says')!.textContent).not.toContain(northwind.name);
    await press('board-full-keep');
    await waitFor(() => expect(find('board-full')).toBeNull());
    expect(host.asked('actOnMany')).toEqual([]);
    await drag(4, agentRow('a-jonas'));
    await press('board-full-anyway');
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'a-jonas' }));
  });

  test('is told in the list of whom to give to, and asked about there too', async () => {
    host.presence = team({
      people: [
        person({ agent: 'a-ada', name: 'Ada Okoro', state: 'offline' }),
        person({ agent: 'a-ines', name: 'Ines Kremer', me: true, state: 'away' }),
      ],
    });
    await openBoard();
    card(4).focus();
    await key(card(4), 'a');
    expect(await said('board-give-to', '[data-key="a-ada"]')).toContain(
      words.presence.states.offline,
    );
    await press('board-give-to', '[data-key="a-ada"]');
    expect(await said('board-full-says')).toContain(w.awayWhat('Ada Okoro', 'offline', 1));
    await press('board-full-keep');
    await waitFor(() => expect(find('board-full')).toBeNull());
    // One knows of oneself that one is away.
    await drag(4, agentRow('a-ines'));
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'a-ines' }));
    expect(find('board-full')).toBeNull();
  });
});

describe('a board of several accounts', () => {
  /** Ines has one thread, and that is all that one of them gives; the other one gives forty more. */
  const on = ({ id, name }: { id: string; name: string }, open: number, limit: number) => ({
    account: id,
    name,
    open,
    limit,
    full: open >= limit,
  });
  beforeEach(() => {
    host.answers.session = () =>
      session({ accounts: [northwind, { ...kite, role: 'supervisor' }] });
    const { boardAgents } = host.answers;
    host.answers.boardAgents = async (asked) => {
      const answer = await boardAgents(asked);
      const isOne = asked.accounts.length === 1;
      const agents = answer.agents.map((one) => {
        const here = on(northwind, one.agent === 'a-ines' ? 1 : 0, 1);
        return { ...one, accounts: isOne ? [here] : [on(kite, 0, 40), here] };
      });
      return { ...answer, agents };
    };
  });

  test('shows no limit that is of none of them, and names the one where somebody is full', async () => {
    await openBoard();
    const ines = agentRow('a-ines');
    expect(ines.querySelector('[data-test="agent-load"]')!.textContent).toBe(w.load(1, null));
    expect(ines.querySelector('[data-test="agent-full"]')!.textContent).toBe(
      w.fullThere([northwind.name]),
    );
    expect(ines.classList.contains('full')).toBe(false);
    expect(ines.querySelector('[data-test="agent-bar"]')).toBeNull();
    expect(find('board')!.textContent).not.toContain('41');
    await drag(4, ines);
    expect(await said('board-full-says')).toContain(
      w.fullWhat('Ines Kremer', 1, 1, northwind.name),
    );
  });

  test('says of somebody what they have on each, in the row and in their column', async () => {
    host.rows.push(row({ thread: 5, name: 'Selin', status: { status: 'waitingOnCustomer' } }));
    await openBoard();
    const told = [`${kite.name} 0 of 40`, `${northwind.name} 1 of 1 · full`];
    const plain = (text: string) => text.replace(/[\u2066-\u2069]/g, '');
    const ines = agentRow('a-ines');
    const title = ines.querySelector('[data-test="agent-load"]')!.getAttribute('title')!;
    expect(plain(title).split('\n')).toEqual([...told, '1 more waits on the customer']);
    for (const one of told) expect(plain(ines.getAttribute('aria-label')!)).toContain(one);
    await press('board-agent', '[data-agent="a-ines"]');
    const lines = (await part('column-accounts')).querySelectorAll('li');
    expect([...lines].map((line) => plain(line.textContent))).toEqual(told);
    expect([...lines].map((line) => line.classList.contains('is-full'))).toEqual([false, true]);
    expect(await said('column-on-customer')).toContain(w.onCustomer(1));
  });

  test('asks about nobody who has room on the account of the thread', async () => {
    host.rows = host.rows.map((one) =>
      one.thread === 4 ? { ...one, account: kite.id, accountName: kite.name } : one,
    );
    await openBoard();
    card(4).focus();
    await key(card(4), 'a');
    expect(await said('board-give-to', '[data-key="a-ines"]')).toContain('0 of 40');
    await press('board-give-to', '[data-key="a-ines"]');
    await waitFor(() => expect(host.asked('actOnMany')[0]!.act).toMatchObject({ to: 'a-ines' }));
    expect(find('board-full')).toBeNull();
  });

  test('narrowed to one of them has its numbers', async () => {
    await openBoard();
    desk.board.narrow({ account: northwind.id });
    await waitFor(() =>
      expect(agentRow('a-ines').querySelector('[data-test="agent-load"]')!.textContent).toContain(
        w.load(1, 1),
      ),
    );
    await drag(4, agentRow('a-ines'));
    expect(await said('board-full-says')).toContain(
      w.fullWhat('Ines Kremer', 1, 1, northwind.name),
    );
  });
});

describe('little room', () => {
  test('beside a thread that is read the head keeps the filters, the order and the way back', async () => {
    const room = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(332);
    await openBoard();
    await part('board-filters');
    await waitFor(() => expect(find('board-own-window')).toBeNull());
    await part('board-sort');
    await part('board-leave');
    room.mockRestore();
  });

  test('each column has three lines, whatever is said of it: its cards begin where those beside it do', async () => {
    await openBoard();
    await part('board-column');
    for (const column of all('board-column')) {
      const [head, about, rows] = column.children;
      expect(column.children).toHaveLength(3);
      expect(head?.tagName).toBe('HEADER');
      expect(about?.getAttribute('data-test')).toBe('column-about');
      expect(rows?.classList.contains('rows')).toBe(true);
    }
  });

  test('folds the filters and says how many there are; Esc folds them again', async () => {
    const room = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
    await openBoard();
    const panel = await part('board-filters-panel');
    expect(panel.hidden).toBe(true);
    await press('board-filters');
    await waitFor(() => expect(panel.hidden).toBe(false));
    await press('board-only-waiting');
    await waitFor(() => expect(find('board-filters')!.textContent).toBe(`${w.filters}: 1`));
    await key(find('board-only-waiting')!, 'Escape');
    await waitFor(() => expect(panel.hidden).toBe(true));
    expect(document.activeElement).toBe(find('board-filters'));
    expect(find('board')).not.toBeNull();
    await press('board-filters');
    await waitFor(() => expect(panel.hidden).toBe(false));
    find('board-only-waiting')!.focus();
    find('board-find-agent')!.focus();
    await waitFor(() => expect(panel.hidden).toBe(true));
    room.mockRestore();
  });
});

test('the keys of the board stand first in the list of keys there, and not elsewhere', async () => {
  const first = () => find('help-dialog')!.querySelector('td')!.textContent;
  await openBoard();
  await key(document.body, '/', { code: 'Slash', ctrlKey: true });
  await part('help-dialog');
  expect(first()).toBe(words.keys.boardCards);
  await fireEvent.keyDown(find('help-dialog')!, { key: 'Escape' });
  await waitFor(() => expect(find('help-dialog')).toBeNull());
  desk.board.leave();
  await part('thread-list');
  await key(document.body, '/', { code: 'Slash', ctrlKey: true });
  await part('help-dialog');
  expect(first()).toBe(words.keys.send);
});
