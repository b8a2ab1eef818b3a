/** Looking for something: everywhere, and inside one thread; by keys alone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { hit, hits, searchable } from '../../test/found';
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
import type { SearchHit } from '$lib/contract';
import { kite, northwind, readingHistory, upToDate } from '../../test/people';
import { accountStatus, media, picture, status } from '../../test/said';
import type { Desk } from '../../app/desk.svelte';

let host: FakeHost;
let desk: Desk;
const widthBefore = window.innerWidth;

function resize(width: number) {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: width });
  window.dispatchEvent(new Event('resize'));
}
beforeEach(async () => {
  resize(1_024);
  host = new FakeHost();
  searchable(host);
  desk = await openWindow(host);
  await part('thread-row');
});
afterEach(() => resize(widthBefore));

const field = () => part('search');
const press2 = (name: string, over: KeyboardEventInit) => key(document.activeElement!, name, over);
const active = () =>
  document.getElementById(find('search')!.getAttribute('aria-activedescendant')!);

describe('everywhere', () => {
  test('finds as one types, names above messages, with the words marked', async () => {
    await write('search', 'ref');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    expect(all('search-name')).toHaveLength(0);
    expect(find('search-hit')!.querySelector('mark')!.textContent).toBe('ref');
    await write('search', 'paula');
    expect(await said('search-name')).toContain('Paula Rentsch');
    expect(all('search-hit')).toHaveLength(0);
  });

  test('a key begins it, and Esc goes back to the list', async () => {
    await press2('f', { ctrlKey: true, shiftKey: true, key: 'F' });
    await waitFor(() => expect(document.activeElement).toBe(find('search')));
    await write('search', 'refund');
    await part('search-hit');
    await press2('Escape', {});
    await part('thread-row');
    expect(find('search-results')).toBeNull();
    expect((await field()).getAttribute('value') ?? '').toBe('');
  });

  test('a slash begins it from the list alone', async () => {
    find('thread-row')!.focus();
    await press2('/', {});
    await waitFor(() => expect(document.activeElement).toBe(find('search')));
    await openThread(3);
    (await part('composer-text')).focus();
    await press2('/', {});
    expect(document.activeElement).toBe(find('composer-text'));
  });

  test('arrows go through what was found and Enter opens it in its place', async () => {
    await write('search', 'refund');
    await part('search-hit');
    (await field()).focus();
    expect(active()!.textContent).toContain('second teapot');
    await press2('ArrowDown', {});
    await waitFor(() => expect(active()!.textContent).toContain('on its way'));
    await press2('Enter', {});
    await waitFor(() => expect(find('log')!.textContent).toContain('Found at m80'));
    expect(host.asked('itemsAround')[0]).toMatchObject({ thread: 3, at: 'm80' });
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
    expect(find('log')!.textContent, 'with its context').toContain('What stands before it');
    // The way back is the one of the list.
    await press2('Escape', {});
    await waitFor(() => expect(document.activeElement).toBe(find('search')));
  });

  test('from the past one comes back to the newest by the button', async () => {
    await write('search', 'refund');
    await press('search-hit');
    await waitFor(() => expect(find('log')!.textContent).toContain('Found at m90'));
    await waitFor(() => expect(find('to-bottom')).not.toBeNull());
    await press('to-bottom');
    await waitFor(() => expect(find('log')!.textContent).not.toContain('Found at m90'));
    expect(desk.open!.past).toBeNull();
  });

  test('what was found stays until the next answer, and only the newest answer is shown', async () => {
    const answer = host.answers.search;
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    const waiting: (() => void)[] = [];
    host.answers.search = async (request) => {
      await new Promise<void>((go) => waiting.push(go));
      return answer(request);
    };
    await write('search', 'refund s');
    await write('search', 'refund second');
    expect(all('search-hit'), 'nothing flickers').toHaveLength(4);
    await waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]!();
    await waitFor(() => expect(all('search-hit')).toHaveLength(1));
    waiting[0]!();
    await new Promise((done) => setTimeout(done, 10));
    expect(all('search-hit')).toHaveLength(1);
  });

  test('what this desk still lacks is no proof that nothing was said', async () => {
    const filling = { ...accountStatus(northwind), lacks: 3_200, lacked: 9_600 };
    host.answers.status = () => status({ accounts: [filling] });
    host.tell({ notice: 'status' });
    await write('search', 'umbrella');
    expect(await said('search-lacks')).toContain('still to be read from the relay');
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    expect(find('search-state')!.textContent).toContain('still to be read from the relay');
    host.answers.status = () => status();
    host.tell({ notice: 'status' });
    await waitFor(() => expect(find('search-state')!.textContent).toContain('That is all.'));
  });

  test('what this desk lacks while the relay is away is told as well', async () => {
    const cut = { ...accountStatus(northwind), lacks: 3, lacked: 9 };
    const relay = {
      health: 'bad' as const,
      short: 'Relay not reached',
      words: { what: '', action: '' },
    };
    host.answers.status = () => status({ relay, accounts: [cut] });
    host.tell({ notice: 'status' });
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    await waitFor(() =>
      expect(find('search-state')!.textContent).toContain('still to be read from the relay'),
    );
    expect(find('search-state')!.textContent).not.toContain('That is all.');
  });

  test('a history that Meta was not asked for to its end is named, also while it is paused', async () => {
    const reading = { ...accountStatus(northwind), history: readingHistory };
    const paused = { ...readingHistory, state: 'paused' as const, isPaused: true };
    host.answers.status = () => status({ accounts: [reading, accountStatus(kite)] });
    host.tell({ notice: 'status' });
    await write('search', 'umbrella');
    expect(await said('search-history')).toContain('Northwind Tea');
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    const state = () => find('search-state')!.textContent ?? '';
    expect(state()).toContain('still to be read from Meta');
    expect(state()).not.toContain('That is all.');
    host.answers.status = () => status({ accounts: [{ ...reading, history: paused }] });
    host.tell({ notice: 'status' });
    await waitFor(() => expect(state()).toContain('from Meta is paused'));
    const both = [reading, { ...accountStatus(kite), history: paused }];
    host.answers.status = () => status({ accounts: both });
    host.tell({ notice: 'status' });
    await waitFor(() => expect(state()).toContain('of 2 accounts are still to be read'));
    // A later look for what was missed is no first reading.
    const later = {
      ...accountStatus(northwind),
      history: { ...upToDate, state: 'looking' as const },
    };
    host.answers.status = () => status({ accounts: [later] });
    host.tell({ notice: 'status' });
    await waitFor(() => expect(state()).toContain('That is all.'));
  });

  test('more is read at the end, also past pages in which nothing fitted', async () => {
    const many = Array.from({ length: 90 }, (_, i) => hit({ at: `m${i}`, text: `refund ${i}` }));
    searchable(host, many);
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(40));
    await desk.search.more();
    await waitFor(() => expect(all('search-hit')).toHaveLength(80));
    const answer = host.answers.search;
    host.answers.search = (request) =>
      request.before === null || Number(request.before) < 3
        ? {
            names: [],
            namesNext: null,
            namesCount: null,
            hits: [],
            next: String(Number(request.before ?? 0) + 1),
            count: null,
            countsOn: false,
            problem: null,
            indexing: false,
          }
        : answer({ ...request, before: null });
    await write('search', 'refund 8');
    await waitFor(() => expect(all('search-hit').length).toBeGreaterThan(5));
  });

  test('nothing found says what to try, and lists the filters', async () => {
    await write('search', 'xyzzy');
    expect(await said('search-nothing')).toContain('Nothing found');
    expect(await said('search-filters')).toContain('from:');
  });

  test('a wrong filter says what is right', async () => {
    await write('search', 'has:pony refund');
    expect(await said('search-problem')).toContain('does not know “pony”');
    expect(await said('search-problem')).toContain('It can be attachment');
  });

  test('a failure says so and can be tried again', async () => {
    const answer = host.answers.search;
    host.answers.search = () => {
      throw refuse('storage', 'The disk reported a fault.', 'Check the disk.');
    };
    await write('search', 'refund');
    expect(await said('notice')).toContain('The disk reported a fault.');
    host.answers.search = answer;
    await press('search-again');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
  });

  test('what changes meanwhile is read again', async () => {
    await write('search', 'refund');
    await waitFor(() => expect(all('search-hit')).toHaveLength(4));
    searchable(host, []);
    host.tell({ notice: 'threads', threads: [9], storeVersion: 9 });
    await part('search-nothing');
  });
});

test('what comes meanwhile pushes nothing away', async () => {
  await write('search', 'refund');
  await waitFor(() => expect(all('search-hit')).toHaveLength(4));
  const known = all('search-hit').map((one) => one.textContent);
  searchable(host, [hit({ at: 'new', text: 'A new refund' }), ...hits.slice(1)]);
  host.tell({ notice: 'threads', threads: [9], storeVersion: 9 });
  await waitFor(() => expect(all('search-hit')).toHaveLength(3));
  expect(all('search-hit').map((one) => one.textContent)).toEqual(known.slice(1));
  await write('search', 'new refund');
  await waitFor(() => expect(find('search-hit')!.textContent).toContain('A new'));
});

test('the filters can be looked up before one types', async () => {
  await press('search-help');
  expect(await said('search-filters')).toContain('has:');
  await write('search', 'refund');
  await part('search-hit');
  expect(find('search-filters')).toBeNull();
});

describe('the filters go, and nothing else with them,', () => {
  const gone = () => waitFor(() => expect(find('search-filters')).toBeNull());
  beforeEach(async () => {
    await openThread(3);
    (await part('search')).focus();
    await press('search-help');
    await part('search-filters');
  });

  test('by Esc in the field, which keeps the focus', async () => {
    await key(find('search')!, 'Escape');
    await gone();
    expect(document.activeElement).toBe(find('search'));
  });

  test('by Esc elsewhere, before the composer is left', async () => {
    await key(await part('composer-text'), 'Escape');
    await gone();
    expect(desk.wanted).toBeNull();
  });

  test('when somebody goes elsewhere', async () => {
    (await part('log')).focus();
    await gone();
  });

  test.each(['view-all', 'view-mine'])('when %s is opened', async (view) => {
    await press(view);
    await gone();
  });

  test('when a key opens a view, also the one that is open', async () => {
    await key(find('search')!, '1', { ctrlKey: true });
    await gone();
  });
});

test('a view that is opened takes the place of what was found', async () => {
  await write('search', 'refund');
  await part('search-hit');
  await press('view-all');
  await part('thread-row');
  expect(find('search-results')).toBeNull();
});

describe('more people than are shown at first', () => {
  /** So many customers who are all called Anna. */
  function annas(many: number) {
    const like = host.rows[0]!;
    host.rows = Array.from({ length: many }, (_, i) => ({
      ...like,
      thread: 1_000 + i,
      customer: `8${i}`,
      name: `Anna ${i}`,
    }));
    searchable(host, [hit({ at: 'm1', text: 'anna sends tea' })]);
  }

  test('are said, and all shown by keys alone', async () => {
    annas(73);
    await write('search', 'anna');
    expect(await said('search-more-names')).toBe('All 73 people');
    expect(all('search-name')).toHaveLength(6);
    (await field()).focus();
    for (let step = 0; step < 6; step += 1) await press2('ArrowDown', {});
    await waitFor(() => expect(active()).toBe(find('search-more-names')));
    await press2('Enter', {});
    await waitFor(() => expect(all('search-name')).toHaveLength(73));
    expect(find('search-more-names')).toBeNull();
    expect(active()!.textContent, 'the first who came').toContain('Anna 6');
    await press2('Enter', {});
    await waitFor(() => expect(desk.open!.thread).toBe(1_006));
  });

  test('are shown a page after the other when they are very many', async () => {
    annas(250);
    await write('search', 'anna');
    expect(await said('search-more-names')).toBe('More people; 6 of 250 are shown');
    await press('search-more-names');
    await waitFor(() => expect(all('search-name')).toHaveLength(106));
    expect(await said('search-more-names')).toBe('More people; 106 of 250 are shown');
    await press('search-more-names');
    await waitFor(() => expect(all('search-name')).toHaveLength(206));
    expect(await said('search-more-names')).toBe('All 250 people');
  });

  test('stay where the keys are, and stay when something changes', async () => {
    annas(73);
    await write('search', 'anna');
    await waitFor(() => expect(all('search-hit')).toHaveLength(1));
    desk.search.at = 7;
    await waitFor(() => expect(active()).toBe(find('search-hit')));
    await press('search-more-names');
    await waitFor(() => expect(all('search-name')).toHaveLength(73));
    const before = host.asked('search').length;
    desk.search.at = 40;
    host.rows = [host.rows[50]!, ...host.rows.filter((_, i) => i !== 50)];
    host.tell({ notice: 'threads', threads: [9], storeVersion: 9 });
    await waitFor(() => expect(find('search-name')!.textContent).toContain('Anna 50'));
    expect(host.asked('search').length).toBeGreaterThan(before);
    expect(all('search-name')).toHaveLength(73);
    await waitFor(() => expect(active()!.textContent).toContain('Anna 40'));
  });

  test('are looked for again when it failed', async () => {
    annas(20);
    const answer = host.answers.searchPeople;
    host.answers.searchPeople = () => {
      throw refuse('storage', 'The disk reported a fault.', 'Check the disk.');
    };
    await write('search', 'anna');
    await press('search-more-names');
    await waitFor(() => expect(desk.search.readingPeople).toBe(false));
    expect(all('search-name')).toHaveLength(6);
    host.answers.searchPeople = answer;
    await press('search-more-names');
    await waitFor(() => expect(all('search-name')).toHaveLength(20));
  });
});

test('where looking back stops it is said, and one looks further', async () => {
  const answer = host.answers.search;
  const reached = 60;
  host.answers.search = (request) =>
    Number(request.before ?? 0) < reached
      ? {
          ...{ names: [], namesNext: null, namesCount: null, hits: [], count: null },
          ...{ countsOn: false, problem: null, indexing: false },
          next: String(Number(request.before ?? 0) + 1),
        }
      : answer({ ...request, before: null });
  await write('search', 'refund');
  expect(await said('search-further')).toContain('further');
  expect(find('search-state')!.textContent).toContain('not looked through yet');
  expect(find('search-nothing'), 'that is no proof').toBeNull();
  await press('search-further');
  await waitFor(() => expect(all('search-hit')).toHaveLength(4));
  expect(find('search-further')).toBeNull();
});

test('that notes are not searched is said with the filters and at the end', async () => {
  await press('search-help');
  expect(await said('search-scope')).toContain('private notes are not');
  await write('search', 'refund');
  await waitFor(() =>
    expect(find('search-state')!.textContent).toContain('notes are not searched'),
  );
});

describe('a hit with a picture', () => {
  const shows = async (over: Partial<SearchHit>) => {
    searchable(host, [hit({ at: 'm1', text: 'receipt', ...over })]);
    await write('search', 'receipt');
    return part('search-hit');
  };

  test('shows it small, out of the vault', async () => {
    const row = await shows({ media: picture('a.1.0') });
    const image = row.querySelector('[data-test="glimpse"] img')!;
    expect(image.getAttribute('src')).toContain('a.1.0-thumb');
    expect(image.getAttribute('alt')).toBe('Photo');
  });

  test('keeps one of a stranger covered', async () => {
    await shows({ media: picture('a.1.0'), blurred: true });
    expect((await part('glimpse')).dataset.blurred).toBe('true');
    expect(find('glimpse')!.title).toContain('nobody here has answered yet');
  });

  test('fetches none that is not here, and says what it is', async () => {
    const row = await shows({ media: media({ id: 'a.1.0' }) });
    expect(row.querySelector('img')).toBeNull();
    expect(row.querySelector('[data-test="glimpse"] svg')).not.toBeNull();
    expect(host.asked('fetchMedia')).toEqual([]);
  });

  test.each([
    ['audio', 'Voice message', 0],
    ['video', 'Video', 1],
  ] as const)('without words says that it is %s', async (kind, name, glimpses) => {
    const one = hit({ at: 'm1', text: '', media: media({ kind }) });
    host.answers.search = () => ({
      ...{ names: [], namesNext: null, namesCount: null, next: null, count: null },
      ...{ countsOn: false, problem: null, indexing: false },
      hits: [{ ...one, pieces: [] }],
    });
    await write('search', 'from:customer ');
    expect(await said('search-hit')).toContain(name);
    expect(all('glimpse')).toHaveLength(glimpses);
  });
});

describe('inside a thread', () => {
  beforeEach(async () => {
    await openThread(3);
    await press2('f', { ctrlKey: true });
    await part('find');
  });

  test('goes to the newest hit, then to older ones, and says where one is', async () => {
    await waitFor(() => expect(document.activeElement).toBe(find('find-field')));
    await write('find-field', 'refund');
    await waitFor(() => expect(find('log')!.textContent).toContain('Found at m90'));
    expect(await said('find-state')).toBe('1 of 2');
    await press2('Enter', {});
    await waitFor(() => expect(find('log')!.textContent).toContain('Found at m80'));
    expect(await said('find-state')).toBe('2 of 2');
    await press2('Enter', { shiftKey: true });
    await waitFor(() => expect(find('log')!.textContent).toContain('Found at m90'));
    expect(host.asked('search').every(({ thread }) => thread === 3)).toBe(true);
    expect(document.activeElement, 'the field keeps the focus').toBe(find('find-field'));
  });

  test('counts no further than is counted at once, and steps on beyond', async () => {
    const many = Array.from({ length: 1_130 }, (_, i) => hit({ at: `m${i}`, text: `refund ${i}` }));
    searchable(host, many);
    await write('find-field', 'refund');
    await waitFor(async () => expect(await said('find-state')).toBe('1 of 1000 or more'));
    while (desk.finding!.hits.length < 1_000) await desk.finding!.more();
    desk.finding!.at = 999;
    await waitFor(async () => expect(await said('find-state')).toBe('1000 of 1000 or more'));
    expect((find('find-older') as HTMLButtonElement).disabled).toBe(false);
    await press('find-older');
    await waitFor(async () => expect(await said('find-state')).toBe('1001 of 1040 or more'));
    while (desk.finding!.found!.next) await desk.finding!.more();
    await waitFor(async () => expect(await said('find-state')).toBe('1001 of 1130'));
    // Something comes: one stays where one is.
    host.tell({ notice: 'threads', threads: [3], storeVersion: 9 });
    const before = host.asked('search').length;
    await waitFor(() => expect(host.asked('search').length).toBeGreaterThan(before + 5));
    await waitFor(() => expect(desk.finding!.reading).toBe(false));
    expect(await said('find-state')).toBe('1001 of 1130');
    desk.finding!.at = 1_129;
    await waitFor(() => expect((find('find-older') as HTMLButtonElement).disabled).toBe(true));
  });

  test('says when it is not there, and Esc leaves it for the thread', async () => {
    await write('find-field', 'xyzzy');
    await waitFor(async () => expect(await said('find-state')).toBe('Not in this thread'));
    await key(await part('find-field'), 'Escape');
    await waitFor(() => expect(find('find')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
  });

  test('another thread begins without it', async () => {
    await openThread(4);
    expect(find('find')).toBeNull();
  });
});
