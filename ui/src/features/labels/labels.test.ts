/** Labels: their colours, on rows and in threads, and which there are. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { status } from '../../test/said';
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
import { hueOf, HUES, wireOf } from './palette';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const late = { id: 'l-late', name: 'parcel late', colour: '#b53073', state: 'on' as const };
const chips = (within: string) =>
  [...(find(within)?.querySelectorAll('[data-test=label-chip]') ?? [])].map((chip) =>
    chip.textContent?.trim(),
  );
const option = (name: string) =>
  all('label-option').find((one) => one.textContent?.includes(name)) ?? null;
const options = () => all('label-option').map((one) => one.textContent?.trim());

describe('colours', () => {
  test('each hue travels and comes back', () => {
    for (const hue of HUES) expect(hueOf(wireOf(hue)), hue).toBe(hue);
  });

  test.each([
    ['#ff0000', 'red'],
    ['#FFFF00', 'yellow'],
    ['#0000ff', 'indigo'],
    ['#808080', 'grey'],
    ['red', 'grey'],
    ['', 'grey'],
  ])('%j is shown %s', (colour, hue) => {
    expect(hueOf(colour)).toBe(hue);
  });
});

describe('on a thread', () => {
  test('a row shows two, and how many more there are', async () => {
    const more = host.labels.labels.map((label) => ({ ...label, state: 'on' as const }));
    await openWindow(host);
    await part('thread-row');
    host.change(3, { labels: more });
    await part('row-labels');
    expect(chips('row-labels')).toEqual(['parcel late', 'autumn box']);
    expect(await said('row-labels')).toContain('+1');
  });

  test('one that the team was not told of yet says so', async () => {
    await openWindow(host);
    await part('thread-row');
    host.change(3, { labels: [{ ...late, state: 'takingOff' }] });
    await part('row-labels');
    const chip = find('row-labels')?.querySelector('[data-test=label-chip]');
    expect(chip?.getAttribute('title')).toBe('parcel late: it goes once the relay answers');
    expect(chip?.querySelector('s')).not.toBeNull();
  });

  test('L finds a label by what is typed, puts it on and takes it off', async () => {
    await openWindow(host);
    await openThread(3);
    await key(await part('composer-text'), 'Escape');
    await waitFor(() => expect(document.activeElement?.closest('[role=option]')).not.toBeNull());
    await key(document.activeElement!, 'l');
    await part('label-option');
    expect(options()).toEqual(['parcel late', 'autumn box', 'VIP']);
    await write('label-find', 'BOX');
    await waitFor(() => expect(options()).toEqual(['autumn box']));
    const field = await part('label-find');
    await key(field, 'Enter');
    await waitFor(() =>
      expect(host.asked('setLabel')).toEqual([{ thread: 3, label: 'l-box', on: true }]),
    );
    await waitFor(() => expect(option('autumn box')?.getAttribute('aria-selected')).toBe('true'));
    await waitFor(() => expect(chips('head-chips')).toEqual(['autumn box']));
    await key(field, 'Enter');
    await waitFor(() => expect(host.asked('setLabel')).toHaveLength(2));
    await waitFor(() => expect(find('head-chips')).toBeNull());
    await press('labels-done');
    await waitFor(() => expect(find('label-picker')).toBeNull());
  });

  test('what the host refuses shows as it stands, and why is said', async () => {
    host.answers.setLabel = () => {
      throw refuse('notFound', 'This label was removed meanwhile.');
    };
    await openWindow(host);
    await openThread(3);
    await press('thread-menu');
    await press('menu-labels');
    await part('label-option');
    await fireEvent.click(option('VIP')!);
    await waitFor(() => expect(find('toast')?.textContent).toContain('This label was removed'));
    expect(option('VIP')?.getAttribute('aria-selected')).toBe('false');
  });

  test('while the relay is away it says that the team hears of it later', async () => {
    const away = { health: 'bad' as const, short: '', words: { what: '', action: '' } };
    host.answers.status = () => ({ ...status(), relay: away });
    await openWindow(host);
    await openThread(3);
    await press('thread-menu');
    await press('menu-labels');
    await part('labels-away');
  });

  test.each([
    [true, 'There are none yet.'],
    [false, 'There are none yet. Supervisors and administrators add them.'],
  ])('without any, who may add them: %s', async (mayDefine, says) => {
    host.labels = { ...host.labels, labels: [], mayDefine };
    await openWindow(host);
    await openThread(3);
    await press('thread-menu');
    await press('menu-labels');
    expect(await said('labels-empty')).toBe(says);
  });

  test('the picker leads to the settings', async () => {
    await openWindow(host);
    await openThread(3);
    await press('thread-menu');
    await press('menu-labels');
    await press('manage-labels');
    await part('add-label');
    expect(find('label-picker')).toBeNull();
  });
});

describe('which there are', () => {
  async function settings() {
    await openWindow(host);
    await part('thread-row');
    await press('settings');
    await press('tab-labels');
    await part('labels');
  }

  test('a label is added, in a colour of the palette', async () => {
    await settings();
    await press('add-label');
    await write('label-name', '  call back ');
    await press('hue-green');
    await press('save-label');
    await waitFor(() => expect(all('label')).toHaveLength(4));
    expect(host.asked('defineLabel')).toEqual([
      { label: null, name: 'call back', colour: wireOf('green') },
    ]);
    await waitFor(() => expect(document.activeElement).toBe(find('add-label')));
  });

  test('a new one has a colour that none has yet', async () => {
    await settings();
    await press('add-label');
    await part('label-form');
    expect(find('hue-grey')).toHaveProperty('checked', true);
  });

  test('one gets another name; a colour that nobody chose here stays', async () => {
    host.labels.labels[0] = { ...host.labels.labels[0]!, colour: '#aa0055' };
    await settings();
    await press('change-label');
    await write('label-name', 'delayed');
    await press('save-label');
    await waitFor(() =>
      expect(host.asked('defineLabel')).toEqual([
        { label: 'l-late', name: 'delayed', colour: '#aa0055' },
      ]),
    );
  });

  test.each([
    [' VIP ', 'label-taken', 'There is a label of this name already.'],
    ['vip', 'label-taken', 'There is a label of this name already.'],
    ['x'.repeat(35), 'label-name-left', '5 characters left'],
    ['x'.repeat(42), 'label-name-left', '2 characters too many'],
  ])('%j cannot be its name, or nearly', async (name, at, says) => {
    await settings();
    await press('add-label');
    await write('label-name', name);
    expect(await said(at)).toBe(says);
    if (name.length === 35) return;
    expect(find('save-label')).toHaveProperty('disabled', true);
  });

  test('what the relay refuses is said, and what was written stays', async () => {
    host.answers.defineLabel = () => {
      throw refuse('relayUnreachable', 'The relay does not answer.', 'Try again later.');
    };
    await settings();
    await press('add-label');
    await write('label-name', 'call back');
    await press('save-label');
    expect(await said('label-failed')).toContain('The relay does not answer.');
    expect(find('label-name')).toHaveProperty('value', 'call back');
    await key(await part('label-name'), 'Escape');
    await part('label-unsaved');
    expect(find('settings-dialog')).not.toBeNull();
  });

  test('removing one is asked about first', async () => {
    await settings();
    await press('remove-label', '[aria-label="Remove autumn box"]');
    expect(await said('label', '[data-key="l-box"]')).toContain(
      'Every thread loses autumn box. This cannot be undone.',
    );
    expect(host.asked('removeLabel')).toEqual([]);
    await press('keep-label');
    await press('remove-label', '[aria-label="Remove autumn box"]');
    await press('remove-label-now');
    await waitFor(() => expect(host.asked('removeLabel')).toEqual([{ label: 'l-box' }]));
    await waitFor(() => expect(all('label')).toHaveLength(2));
  });

  test('who may not change them sees them all the same', async () => {
    host.labels = { ...host.labels, mayDefine: false };
    await settings();
    await part('labels-may-not');
    expect(all('label')).toHaveLength(3);
    expect([find('add-label'), find('change-label'), find('remove-label')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('at the most nothing is added', async () => {
    host.labels = { ...host.labels, most: 3 };
    await settings();
    expect(await said('labels-full')).toBe('There are 3 labels, and no more can be added.');
    expect(find('add-label')).toHaveProperty('disabled', true);
  });

  test('a label of a colleague is there at once', async () => {
    await settings();
    host.labels = {
      ...host.labels,
      labels: [...host.labels.labels, { id: 'l-new', name: 'wholesale', colour: '#3fa665' }],
    };
    host.tell({ notice: 'session' });
    await waitFor(() => expect(all('label')).toHaveLength(4));
  });

  test('when they cannot be read it says so, and can be tried again', async () => {
    const labels = host.answers.labels;
    host.answers.labels = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
    await settings();
    await part('notice');
    host.answers.labels = labels;
    await fireEvent.click(
      [...document.querySelectorAll('button')].find((one) => one.textContent === 'Try again')!,
    );
    await waitFor(() => expect(all('label')).toHaveLength(3));
  });
});

test('a label that the relay refused is told of wherever one is, until its thread was opened', async () => {
  const why = { what: 'A label was not put on the thread.', action: 'Choose another one.' };
  const { status } = host.answers;
  host.answers.status = async (request) => ({
    ...(await status(request)),
    setbacks: [{ part: 'c-1', kind: 'notSet', thread: 3, name: 'Paula Rentsch', words: why }],
  });
  await openWindow(host);
  expect(await said('toast')).toMatch(/Paula Rentsch.*not put on the thread\. Choose another/);
  expect(host.asked('toldOfSetback')).toEqual([]);
  await openThread(3);
  await waitFor(() => expect(host.asked('toldOfSetback')).toEqual([{ part: 'c-1' }]));
});
