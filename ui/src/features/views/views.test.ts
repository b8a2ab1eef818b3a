/** Which threads of a view are shown, and views that are kept. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { SavedView } from '$lib/contract';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, NOW } from '../../test/people';
import { status } from '../../test/said';
import { all, find, key, openWindow, part, press, said, waitFor, write } from '../../test/window';
import type { Desk } from '../../app/desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(() => {
  host = new FakeHost();
  host.answers.status = () => ({ ...status(), nowMs: NOW });
  const [late] = host.labels.labels;
  host.rows = host.rows.map((row) =>
    row.thread === 3 || row.thread === 4
      ? { ...row, labels: [{ ...late!, state: 'on' as const }] }
      : row,
  );
});

const saved = (over: Partial<SavedView> = {}): SavedView => ({
  id: 'v-1',
  name: 'Late parcels',
  view: 'all',
  account: null,
  channel: null,
  label: 'l-late',
  labelIsGone: false,
  sort: 'needsReply',
  all: 2,
  waiting: 2,
  ...over,
});
const keeps = (...views: SavedView[]) => {
  host.savedViews = { ...host.savedViews, views };
};

async function open() {
  desk = await openWindow(host);
  await part('thread-row');
}

const threads = () => all('thread-row').map((one) => Number(one.dataset['thread']));
const last = () => host.asked('listThreads').at(-1);

async function choose(test: string, value: string) {
  await press(test);
  await press('option', `[data-value="${value}"]`);
}

test('what keeps a view stays where it is when a filter is chosen, and so does the focus when it is taken away', async () => {
  await open();
  await press('filter');
  const place = () => {
    const button = find('filter-save')!;
    return [...button.parentElement!.children].indexOf(button);
  };
  expect(place()).toBe(0);
  await choose('filter-label', 'l-late');
  const clear = await part('filter-clear');
  expect(place()).toBe(0);
  clear.focus();
  await press('filter-clear');
  await waitFor(() => expect(find('filter-clear')).toBeNull());
  expect(find('filter-panel')!.contains(document.activeElement)).toBe(true);
});

async function filter(label: string) {
  await press('filter');
  await choose('filter-label', label);
}

describe('the filter', () => {
  test('by label, account and channel, each of which can be taken away', async () => {
    await open();
    await filter('l-late');
    await waitFor(() => expect(threads()).toEqual([3, 4]));
    expect(await said('only-label')).toBe('Only parcel late');
    await choose('filter-account', kite.id);
    await part('list-empty');
    expect(await said('list-empty')).toContain('Only Kite & Co, parcel late.');
    expect(last()).toMatchObject({ account: kite.id, channel: null, label: 'l-late' });
    await press('every-account');
    await waitFor(() => expect(threads()).toEqual([3, 4]));
    await press('any-label');
    await waitFor(() => expect(threads().length).toBeGreaterThan(5));
    expect(find('filter-chips')).toBeNull();
  });

  test('a key opens it, Esc closes it and gives the focus back', async () => {
    await open();
    await key(document.body, 'f');
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('data-test')).toBe('filter-account'),
    );
    await key(document.activeElement!, 'Escape');
    await waitFor(() => expect(find('filter-panel')).toBeNull());
    expect(document.activeElement).toBe(find('filter'));
  });

  test('a label that goes is still named as such', async () => {
    await open();
    await filter('l-late');
    await part('only-label');
    host.labels = { ...host.labels, labels: [] };
    host.tell({ notice: 'session' });
    await waitFor(async () =>
      expect(await said('only-label')).toBe('Only A label that was removed'),
    );
  });

  test('who comes next is of the filter too', async () => {
    await open();
    await filter('l-late');
    await part('only-label');
    await key(document.body, 'Escape');
    await waitFor(() => expect(find('filter-panel')).toBeNull());
    await key(document.body, 'j', { ctrlKey: true });
    await waitFor(() => expect(desk.open).not.toBeNull());
    const asked = host.asked('listThreads').filter(({ limit }) => limit === 20);
    expect(asked[0]).toMatchObject({ label: 'l-late' });
  });
});

describe('keeping a view', () => {
  test('under a name, from what is shown', async () => {
    await open();
    await press('view-all');
    await choose('sort', 'needsReply');
    await filter('l-late');
    await press('filter-save');
    expect(await said('save-view-shown')).toBe('All · parcel late');
    await write('view-name', ' Late parcels ');
    await press('save-view-now');
    await waitFor(() =>
      expect(host.asked('saveView')).toEqual([
        {
          id: null,
          name: 'Late parcels',
          view: 'all',
          account: null,
          channel: null,
          label: 'l-late',
          sort: 'needsReply',
        },
      ]),
    );
    await part('saved-view');
    expect(find('saved-view')?.getAttribute('aria-current')).toBe('page');
    expect(find('view-all')?.getAttribute('aria-current')).toBeNull();
    expect(await said('list-title')).toBe('Late parcels');
  });

  test.each([
    ['late PARCELS', 'view-taken'],
    ['', null],
    ['x'.repeat(41), null],
  ])('%j cannot be its name', async (name, says) => {
    keeps(saved());
    await open();
    await press('filter');
    await press('filter-save');
    await write('view-name', name);
    if (says !== null) await part(says);
    await waitFor(() => expect(find('save-view-now')).toHaveProperty('disabled', true));
  });

  test('at the most none is kept any more', async () => {
    keeps(...Array.from({ length: 30 }, (_, at) => saved({ id: `v-${at}`, name: `View ${at}` })));
    await open();
    await press('filter');
    await press('filter-save');
    expect(await said('views-full')).toContain('There are 30 saved views');
    await write('view-name', 'One more');
    expect(find('save-view-now')).toHaveProperty('disabled', true);
  });

  test('what the host refuses is said, and the name stays', async () => {
    host.answers.saveView = () => {
      throw refuse('storage', 'This computer could not save it.');
    };
    await open();
    await press('filter');
    await press('filter-save');
    await write('view-name', 'Mine');
    await press('save-view-now');
    expect(await said('notice')).toContain('This computer could not save it.');
    expect(find('view-name')).toHaveProperty('value', 'Mine');
  });
});

describe('a view that is kept', () => {
  test('stands in the rail with who is to be answered, and shows its threads in its order', async () => {
    keeps(saved());
    await open();
    await part('saved-view');
    expect(await said('saved-view')).toContain('2 to answer');
    await press('saved-view');
    await waitFor(() => expect(threads()).toEqual([3, 4]));
    expect(last()).toMatchObject({ view: 'all', label: 'l-late', sort: 'needsReply' });
    await press('view-all');
    await waitFor(() => expect(threads().length).toBeGreaterThan(5));
    expect(find('filter-chips'), 'its filter stays behind').toBeNull();
    expect(host.asked('setSetting').filter(({ name }) => name === 'sort')).toEqual([]);
  });

  test('shown otherwise, it can be kept so, or as another one', async () => {
    keeps(saved());
    await open();
    await press('saved-view');
    await part('only-label');
    expect(desk.list.isChanged).toBe(false);
    await choose('sort', 'newest');
    await waitFor(() => expect(desk.list.isChanged).toBe(true));
    await press('filter');
    expect(await said('filter-save')).toBe('Save the view');
    await press('filter-save');
    await part('save-view-new');
    expect(find('save-view-new')).toHaveProperty('disabled', true);
    await press('save-view-now');
    await waitFor(() =>
      expect(host.asked('saveView')[0]).toMatchObject({ id: 'v-1', sort: 'newest' }),
    );
    await waitFor(() => expect(desk.list.isChanged).toBe(false));
  });

  test('whose label went says so, in the rail and in the empty list', async () => {
    keeps(saved({ label: 'l-gone', labelIsGone: true, all: 0, waiting: 0 }));
    await open();
    await part('saved-view');
    expect(find('saved-view')?.title).toBe('Late parcels: its label was removed');
    await press('saved-view');
    expect(await said('list-empty')).toContain('The label of this view was removed.');
  });

  test('counts again when threads change', async () => {
    keeps(saved());
    await open();
    await part('saved-view');
    keeps(saved({ waiting: 7 }));
    host.change(3, { unread: 9 });
    await waitFor(async () => expect(await said('saved-view')).toContain('7 to answer'));
  });

  test('is renamed', async () => {
    keeps(saved(), saved({ id: 'v-2', name: 'Other' }));
    await open();
    await press('saved-view', '[data-key="v-1"]');
    await press('manage-views');
    await press('rename-view');
    await write('view-rename', 'other');
    await waitFor(() => expect(find('view-rename-now')).toHaveProperty('disabled', true));
    await key(await part('view-rename'), 'Escape');
    await waitFor(() => expect(find('view-rename')).toBeNull());
    expect(find('manage-views'), 'the dialog stays').not.toBeNull();
    await press('rename-view');
    await write('view-rename', 'Delayed');
    await press('view-rename-now');
    await waitFor(() =>
      expect(host.asked('saveView')[0]).toMatchObject({
        id: 'v-1',
        name: 'Delayed',
        label: 'l-late',
      }),
    );
    await waitFor(async () => expect(await said('list-title')).toBe('Delayed'));
  });

  test('is removed, and one press keeps it again', async () => {
    keeps(saved());
    await open();
    await press('saved-view');
    await press('manage-views');
    await press('remove-view');
    await part('no-views');
    expect(host.asked('deleteView')).toEqual([{ id: 'v-1' }]);
    expect(desk.list.saved).toBeNull();
    expect(find('saved-view')).toBeNull();
    expect(await said('toast')).toContain('The view Late parcels was removed');
    desk.undoLast();
    await part('saved-view');
    expect(host.asked('saveView')[0]).toMatchObject({ id: null, name: 'Late parcels' });
  });
});
