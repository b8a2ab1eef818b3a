/** Working on a thread as one of a team: who takes it, who is given it, what is urgent, and what is told to supervisors. */
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, northwind, NOW, HOUR, row, session } from '../../test/people';
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
import type { RoleView, StatusView, ThreadRow } from '$lib/contract';
import { whyNotGiven, whyNotMine, whyNotSet } from './assigning';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt', mine: true, assignee: 'Ines Kremer' }),
    row({ thread: 2, name: 'Paula Rentsch', mine: false, assignee: 'Ada Okoro' }),
    row({ thread: 3, name: 'Tomasz Wilk', mine: false, assignee: null }),
  ];
});

/** Opens a thread as somebody of this role on its account. */
async function openAs(role: RoleView, thread: number) {
  host.answers.session = () => session({ accounts: [{ ...northwind, role }, kite] });
  // A supervisor would begin on the board.
  host.settings.set('start', '"inbox"');
  const desk = await openWindow(host);
  desk.list.show('all');
  await waitFor(() => expect(all('thread-row')).toHaveLength(host.rows.length));
  await openThread(thread);
  return desk;
}

const undo = () => key(document.body, 'z', { ctrlKey: true });

describe('who may', () => {
  const mine = { mine: true, assignee: 'Ines' };
  const theirs = { mine: false, assignee: 'Ada' };
  const queued = { mine: false, assignee: null };

  test.each<[RoleView | null, typeof mine | typeof theirs | typeof queued, boolean, boolean]>([
    ['agent', mine, true, true],
    ['agent', theirs, false, false],
    ['agent', queued, true, false],
    ['supervisor', mine, true, true],
    ['supervisor', theirs, true, true],
    ['supervisor', queued, true, true],
    ['admin', theirs, true, true],
    // Of a role that is not known the relay decides.
    [null, theirs, true, true],
  ])('%s with %o: takes it %s, gives it %s', (role, over, takes, gives) => {
    const one = row({ thread: 1, name: 'Paula', ...over });
    expect(whyNotMine(one, role) === null).toBe(takes);
    expect(whyNotGiven(one, role) === null).toBe(gives);
  });
});

describe('who may say how a thread stands', () => {
  const theirs = { mine: false, assignee: 'Ada' };
  test.each<[string, RoleView | null, Partial<ThreadRow>, StatusView['status'], boolean]>([
    ['the own thread', 'agent', { mine: true, assignee: 'Ines' }, 'snoozed', true],
    ['one of the queue', 'agent', { mine: false, assignee: null }, 'done', true],
    ['a colleague’s', 'agent', theirs, 'done', false],
    ['a colleague’s, to open it', 'agent', theirs, 'open', false],
    ['a colleague’s that was answered here', 'agent', { ...theirs, previewBy: 'me' }, 'done', true],
    ['the same, to snooze it', 'agent', { ...theirs, previewBy: 'me' }, 'snoozed', false],
    ['the same, to wait', 'agent', { ...theirs, previewBy: 'me' }, 'waitingOnCustomer', true],
    ['one where the own reply leaves', 'agent', { ...theirs, outgoing: 'sending' }, 'done', true],
    ['a supervisor', 'supervisor', theirs, 'snoozed', true],
    ['a role that is not known', null, theirs, 'done', true],
  ])('%s', (_, role, over, to, may) => {
    const one = row({ thread: 1, name: 'Paula', previewBy: 'customer', ...over });
    expect(whyNotSet(one, role, to) === null).toBe(may);
  });
});

describe('the customer’s turn', () => {
  const asked = () =>
    host.asked('setStatus').map(({ thread, status: { status } }) => [thread, status]);

  test('is said from the menu, the thread stays, and it is taken back', async () => {
    const desk = await openAs('agent', 1);
    await press('thread-menu');
    await press('menu-waits');
    await waitFor(() => expect(asked()).toEqual([[1, 'waitingOnCustomer']]));
    expect(await said('toast')).toContain('Mara Lindt’s turn now');
    await part('waits-tag');
    expect(desk.open?.thread).toBe(1);
    await undo();
    await waitFor(() => expect(asked().at(-1)).toEqual([1, 'open']));
    await waitFor(() => expect(find('waits-tag')).toBeNull());
  });

  test('is over by the same key', async () => {
    host.change(1, { status: { status: 'waitingOnCustomer' } });
    await openAs('agent', 1);
    await part('waits-tag');
    await key(document.body, 'w', { code: 'KeyW', altKey: true });
    await waitFor(() => expect(asked()).toEqual([[1, 'open']]));
    expect(await said('toast')).toContain('Mara Lindt is open again');
  });

  test('is not an agent’s to say in a colleague’s thread, unless the answer was theirs', async () => {
    await openAs('agent', 2);
    await press('thread-menu');
    await part('menu-urgent');
    expect(find('menu-waits')).toBeNull();
    await key(document.body, 'Escape');
    await waitFor(() => expect(find('menu-urgent')).toBeNull());
    await key(document.body, 'w', { code: 'KeyW', altKey: true });
    expect(await said('toast')).toContain('Ada Okoro works on this thread');
    expect(asked()).toEqual([]);
    host.change(2, { previewBy: 'me' });
    await waitFor(() => expect(find('done')?.getAttribute('aria-disabled')).not.toBe('true'));
    await key(document.body, 'w', { code: 'KeyW', altKey: true });
    await waitFor(() => expect(asked()).toEqual([[2, 'waitingOnCustomer']]));
  });
});

describe('a colleague’s thread', () => {
  test('an agent reads before the press that it is not theirs to close or snooze, by button and by key', async () => {
    const desk = await openAs('agent', 2);
    for (const name of ['done', 'snooze']) {
      const button = await part(name);
      await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('true'));
      expect(button.title).toContain('Only Ada Okoro or a supervisor');
      await press(name);
    }
    await waitFor(() => expect(all('toast').at(-1)?.textContent).toContain('Ada Okoro works on'));
    await key(document.body, 'e', { code: 'KeyE', ctrlKey: true, shiftKey: true });
    await key(document.body, 'h', { code: 'KeyH', ctrlKey: true, shiftKey: true });
    expect(desk.snoozing).toBeNull();
    expect(host.asked('setStatus')).toEqual([]);
  });

  test('whoever answered last there says that it is done, and is not offered to open it again', async () => {
    host.change(2, { previewBy: 'me' });
    await openAs('agent', 2);
    expect((await part('done')).getAttribute('aria-disabled')).not.toBe('true');
    await press('done');
    await waitFor(() =>
      expect(host.asked('setStatus')).toEqual([{ thread: 2, status: { status: 'done' } }]),
    );
    expect(await said('toast')).not.toContain('Undo');
  });

  test('an agent is told whom to ask, and the relay is not asked in vain', async () => {
    await openAs('agent', 2);
    const button = await part('assign');
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('true'));
    expect(button.title).toContain('Ask Ada Okoro or a supervisor');
    await press('assign');
    expect(await said('toast')).toContain('Ada Okoro works on this thread');
    await key(document.body, 'a', { code: 'KeyA', ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(all('toast').at(-1)?.textContent).toContain('Only Ada Okoro'));
    expect(find('give-dialog')).toBeNull();
    await press('thread-menu');
    await part('menu-urgent');
    expect(find('menu-give')).toBeNull();
    expect([...host.asked('assign'), ...host.asked('giveThread')]).toEqual([]);
  });

  test('a supervisor takes it, and taken back it is the colleague’s again', async () => {
    await openAs('supervisor', 2);
    await press('assign');
    await waitFor(() => expect(host.asked('giveThread')).toEqual([{ thread: 2, to: 'a-ines' }]));
    await part('toast');
    await undo();
    await waitFor(() =>
      expect(host.asked('giveThread').at(-1)).toEqual({ thread: 2, to: 'a-ada' }),
    );
  });

  test('a supervisor gives it to whoever is picked, by name and keys', async () => {
    await openAs('supervisor', 2);
    await key(document.body, 'a', { code: 'KeyA', ctrlKey: true, shiftKey: true });
    await part('give-to');
    // Whoever has it already is not among them.
    expect(all('give-to').map((one) => one.querySelector('.cut')?.textContent)).toEqual([
      'The queue, to nobody',
      'Ines Kremer (you)',
      'Jonas Falk',
      'Petra Vogel',
    ]);
    await write('give-find', 'fal');
    await waitFor(() => expect(all('give-to')).toHaveLength(1));
    await key(await part('give-find'), 'Enter');
    await waitFor(() => expect(host.asked('giveThread')).toEqual([{ thread: 2, to: 'a-jonas' }]));
    expect(await said('toast')).toContain('Paula Rentsch is Jonas Falk’s now');
    expect(find('give-dialog')).toBeNull();
    await undo();
    await waitFor(() =>
      expect(host.asked('giveThread').at(-1)).toEqual({ thread: 2, to: 'a-ada' }),
    );
  });
});

test('an agent gives the own thread away, and is not offered to take it back', async () => {
  await openAs('agent', 1);
  await press('thread-menu');
  await press('menu-give');
  await write('give-find', 'ada');
  await waitFor(() => expect(all('give-to')).toHaveLength(1));
  await press('give-to');
  await waitFor(() => expect(host.asked('giveThread')).toEqual([{ thread: 1, to: 'a-ada' }]));
  expect(await said('toast')).not.toContain('Undo');
});

test('nobody of that name, and a team that could not be read, are both said', async () => {
  await openAs('admin', 1);
  await press('thread-menu');
  await press('menu-give');
  await write('give-find', 'zoltan');
  expect(await said('give-nobody')).toContain('Nobody of this name');
  await key(await part('give-find'), 'Escape');
  await waitFor(() => expect(find('give-dialog')).toBeNull());

  host.answers.members = () => {
    throw refuse('storage', 'The disk does not answer.', 'Try it again.');
  };
  await press('thread-menu');
  await press('menu-give');
  await waitFor(() => expect(find('give-dialog')?.textContent).toContain('does not answer'));
});

test('whoever was faster is named', async () => {
  host.answers.assign = () => {
    throw refuse('threadChanged', 'Ada took this thread first.');
  };
  await openAs('agent', 3);
  await press('assign');
  expect(await said('toast')).toContain('Ada took this thread first.');
});

describe('urgent', () => {
  test('is set and taken back by its key, and shows in the row, the head and the details', async () => {
    await openAs('agent', 3);
    await key(document.body, 'u', { code: 'KeyU', altKey: true });
    await waitFor(() => expect(host.asked('setUrgent')).toEqual([{ thread: 3, urgent: true }]));
    expect(await said('urgent-tag')).toBe('Urgent');
    await part('row-urgent');
    await undo();
    await waitFor(() =>
      expect(host.asked('setUrgent').at(-1)).toEqual({ thread: 3, urgent: false }),
    );
    await waitFor(() => expect(find('urgent-tag')).toBeNull());
  });

  test('that the team does not know yet is said', async () => {
    host.rows = [row({ thread: 1, name: 'Mara Lindt', urgent: true, urgentPending: true })];
    await openAs('agent', 1);
    expect((await part('urgent-tag')).title).toContain('once the relay answers');
  });
});

describe('escalating', () => {
  test('asks for a line why, and tells the supervisors', async () => {
    await openAs('agent', 3);
    await press('thread-menu');
    await press('menu-escalate');
    expect(((await part('escalate-now')) as HTMLButtonElement).disabled).toBe(true);
    await write('escalate-why', '  Threatens a chargeback ');
    await press('escalate-now');
    await waitFor(() =>
      expect(host.asked('escalate')).toEqual([{ thread: 3, why: 'Threatens a chargeback' }]),
    );
    expect(await said('toast')).toContain('The supervisors are told about Tomasz Wilk');
  });

  test('what was written is not thrown away by Esc', async () => {
    await openAs('agent', 3);
    await key(document.body, 'e', { code: 'KeyE', altKey: true });
    await write('escalate-why', 'Threatens');
    await key(await part('escalate-why'), 'Escape');
    expect(await said('escalate-unsaved')).toContain('Not escalated yet');
    await press('escalate-cancel');
    await waitFor(() => expect(find('escalate-dialog')).toBeNull());
    expect(host.asked('escalate')).toEqual([]);
  });
});

describe('mentions', () => {
  beforeEach(() => {
    host.rows = host.rows.map((one) => ({ ...one, mentioned: one.thread === 2 }));
  });

  test('the rail counts whose note was not read, and its key lists them', async () => {
    await openWindow(host);
    await waitFor(async () => expect(await said('view-mentions')).toContain('1'));
    await key(document.body, '3', { code: 'Digit3', ctrlKey: true });
    await waitFor(() =>
      expect(host.asked('listThreads').at(-1)).toMatchObject({ view: 'mentions' }),
    );
    await waitFor(() => expect(all('thread-row')).toHaveLength(1));
    await part('row-mentioned');
    expect(find('sort'), 'they have one order').toBeNull();
  });

  test('opening the thread reads the note that mentions me, though no customer wrote', async () => {
    await openWindow(host);
    await press('view-mentions');
    await openThread(2);
    await waitFor(() => expect(host.asked('mark').at(-1)).toMatchObject({ thread: 2, read: true }));
  });

  test('where nobody mentions me the list says how one gets here', async () => {
    host.rows = [row({ thread: 1, name: 'Mara Lindt', lastMs: NOW - HOUR })];
    await openWindow(host);
    await press('view-mentions');
    expect(await said('list-empty')).toContain('until you have read it');
  });
});

test('the menu of a thread is gone through by keys, and gives the focus back', async () => {
  await openAs('supervisor', 3);
  const button = await part('thread-menu');
  await press('thread-menu');
  await waitFor(() => expect(document.activeElement).toBe(find('menu-give')));
  await key(document.activeElement!, 'ArrowUp');
  expect(document.activeElement).toBe(find('menu-escalate'));
  await key(document.activeElement!, 'ArrowDown');
  expect(document.activeElement).toBe(find('menu-give'));
  await key(document.activeElement!, 'Escape');
  expect(find('menu-give')).toBeNull();
  expect(document.activeElement).toBe(button);
});
