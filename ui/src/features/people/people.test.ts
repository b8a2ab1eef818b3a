import { fireEvent } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PeopleView } from '$lib/contract';
import { FakeHost, refuse } from '../../test/fake-host';
import { colleague, deskOf, kite, northwind, peopleView, session } from '../../test/people';
import { all, find, openWindow, part, press, said, waitFor, write } from '../../test/window';

let host: FakeHost;
beforeEach(() => (host = new FakeHost()));
afterEach(() => vi.useRealTimers());

async function openPeople(over: Partial<PeopleView> = {}) {
  host.people = peopleView(over);
  await openWindow(host);
  await press('settings');
  await press('tab-people');
  return part('people');
}

const person = (id: string) => `[data-agent="${id}"]`;

async function show(id: string) {
  const row = await part('person', person(id));
  await fireEvent.click(row.querySelector('[data-test="show-person"]')!);
  return part('person-details', person(id));
}

/** Picks from a choice of ours. */
async function choose(within: Element, test: string, value: string) {
  const button = within.querySelector<HTMLElement>(`[data-test="${test}"]`)!;
  await fireEvent.click(button);
  const option = button.parentElement!.querySelector(`[role=option][data-value="${value}"]`)!;
  await fireEvent.click(option);
}

describe('the list', () => {
  test('has everybody with their role, their computers, and when they were seen', async () => {
    await openPeople();
    await part('person');
    const cells = all('person').map((row) =>
      [...row.children].map((cell) => cell.textContent?.replace(/\s+/g, ' ').trim()),
    );
    expect(cells).toEqual([
      ['Ada Okoro Online', 'Agent on Northwind Tea', '1', 'now'],
      ['Ines Kremer You Online', 'Administrator on Northwind Tea, Agent on Kite & Co', '1', 'now'],
      ['Jonas Falk Away', 'Supervisor on Northwind Tea, Agent on Kite & Co', '1', 'never'],
    ]);
    // One of Ada's computers was cut off and has not said that it is empty.
    expect(all('unsettled')).toHaveLength(1);
  });

  test('for everybody else says who is who, and offers nothing', async () => {
    await openPeople({
      people: peopleView().people.map((one) => ({ ...one, desks: [], wholly: false })),
      accounts: peopleView().accounts.map((one) => ({ ...one, administered: false })),
      invites: [],
      isAdmin: false,
    });
    await part('person');
    expect(all('person')).toHaveLength(3);
    for (const name of ['show-person', 'invite-somebody', 'invite-list', 'person-seen'])
      expect(find(name)).toBeNull();
  });

  test('while the relay is away says why, and changes nothing', async () => {
    await openPeople({ away: { what: 'The relay does not answer.', action: 'Wait a little.' } });
    expect(await said('people-away')).toContain('The relay does not answer. Wait a little.');
    expect(all('person')).toHaveLength(3);
    expect(find('show-person')).toBeNull();
    expect((await part('invite-somebody')).hasAttribute('disabled')).toBe(true);
    expect(find('open-invites')).toBeNull();
  });

  test('that cannot be read says so, and is tried again', async () => {
    host.answers.people = () => {
      throw refuse('storage', 'The file could not be read.', 'Make room on the disk.');
    };
    await openWindow(host);
    await press('settings');
    await press('tab-people');
    expect(await said('notice')).toContain('The file could not be read. Make room on the disk.');
    host.answers.people = () => host.people;
    await press('read-people');
    await part('person');
  });

  test('says when nobody is known', async () => {
    await openPeople({ people: [], invites: [] });
    await part('no-people');
  });

  test('of two hundred can be searched', async () => {
    const people = Array.from({ length: 200 }, (_, at) =>
      colleague({ id: `a-${at}`, name: `Person ${String(at).padStart(3, '0')}` }),
    );
    await openPeople({ people });
    await part('person');
    expect(all('person')).toHaveLength(200);
    await write('find-person', 'person 11');
    await waitFor(() => expect(all('person')).toHaveLength(10));
    expect(await said('people')).toContain('10 people');
    await write('find-person', 'nobody');
    expect(await said('nobody-found')).toBe('Nobody here is called “nobody”.');
  });

  test('is read again with the session', async () => {
    await openPeople();
    await part('person');
    host.people = peopleView({ people: [colleague({ id: 'a-new', name: 'Somebody New' })] });
    host.tell({ notice: 'session' });
    await part('person', person('a-new'));
  });

  test('is read again from time to time, as nobody tells when a desk is seen', async () => {
    // What waits here looks again with each change of the page, and with the time that it lets go by itself.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await openPeople();
    await part('person');
    host.people = peopleView({ people: [colleague({ id: 'a-new', name: 'Somebody New' })] });
    vi.advanceTimersByTime(15_000);
    await part('person', person('a-new'));
  });
});

describe('a person', () => {
  test('gets another role at once', async () => {
    await openPeople();
    const details = await show('a-ada');
    const role = details.querySelector(`[data-account="${northwind.id}"]`)!;
    await choose(role, 'set-role', 'supervisor');
    await waitFor(() =>
      expect(host.asked('setRole')).toEqual([
        { agent: 'a-ada', account: northwind.id, role: 'supervisor' },
      ]),
    );
    expect(await said('toast')).toContain('Ada Okoro is Supervisor on Northwind Tea now');
    await waitFor(() =>
      expect(find('person', person('a-ada'))?.textContent).toContain('Supervisor'),
    );
  });

  test('loses one only after it was said what that means', async () => {
    await openPeople();
    const details = await show('a-ada');
    const role = details.querySelector(`[data-account="${northwind.id}"]`)!;
    await choose(role, 'set-role', 'none');
    expect(await said('role-dialog')).toContain('They remove its threads');
    await press('role-keep');
    expect(host.asked('setRole')).toEqual([]);
    await choose(role, 'set-role', 'none');
    await press('role-now');
    await waitFor(() =>
      expect(host.asked('setRole')).toEqual([
        { agent: 'a-ada', account: northwind.id, role: null },
      ]),
    );
    await waitFor(() => expect(find('role-dialog')).toBeNull());
    // The row stays as long as the relay has it: somebody without a role can be given one.
    expect(find('person', person('a-ada'))?.textContent).toContain('No role');
  });

  test('who gives up an own role is asked', async () => {
    await openPeople();
    const details = await show('a-ines');
    const role = details.querySelector(`[data-account="${northwind.id}"]`)!;
    await choose(role, 'set-role', 'agent');
    expect(await said('role-dialog')).toContain('Give up administering Northwind Tea?');
  });

  test('has no choice where one is no administrator', async () => {
    await openPeople();
    const details = await show('a-jonas');
    const other = details.querySelector(`[data-account="${kite.id}"]`)!;
    expect(other.querySelector('[data-test="set-role"]')).toBeNull();
    expect(other.textContent).toContain('Agent');
  });

  test('the last administrator stays, and the refusal says why', async () => {
    host.answers.setRole = () => {
      throw refuse(
        'failed',
        'Northwind Tea would have no administrator.',
        'Make another one first.',
      );
    };
    await openPeople();
    const details = await show('a-ines');
    await choose(details.querySelector(`[data-account="${northwind.id}"]`)!, 'set-role', 'none');
    await press('role-now');
    expect(await said('toast')).toContain(
      'Northwind Tea would have no administrator. Make another one first.',
    );
    await waitFor(() => expect(find('role-dialog')).toBeNull());
  });

  test('is renamed', async () => {
    await openPeople();
    await show('a-ada');
    await press('rename-person');
    const field = (await part('person-name')) as HTMLInputElement;
    expect(field.value).toBe('Ada Okoro');
    await write('person-name', '  Ada Nwosu ');
    await press('save-person-name');
    await waitFor(() =>
      expect(host.asked('renameAgent')).toEqual([{ agent: 'a-ada', name: 'Ada Nwosu' }]),
    );
    await waitFor(() =>
      expect(find('person', person('a-ada'))?.textContent).toContain('Ada Nwosu'),
    );
  });

  test('Esc ends the renaming and not the dialog', async () => {
    await openPeople();
    await show('a-ada');
    await press('rename-person');
    await fireEvent.keyDown(await part('person-name'), { key: 'Escape', bubbles: true });
    await part('rename-person');
    expect(find('settings-dialog')).not.toBeNull();
  });
});

describe('a computer', () => {
  test('is cut off after it was said what happens; it is listed until it confirms', async () => {
    await openPeople();
    await show('a-ada');
    const row = await part('person-desk', '[data-desk="d-ada"]');
    await fireEvent.click(row.querySelector('[data-test="cut-off"]')!);
    const words = await said('cut-off-dialog');
    expect(words).toContain('Cut off ada-laptop of Ada Okoro?');
    expect(words).toContain('it removes everything it holds');
    expect(words).toContain('cannot wipe a computer that is never started again');
    await press('cut-off-keep');
    expect(host.asked('revokeDesk')).toEqual([]);
    const cut = row.querySelector<HTMLElement>('[data-test="cut-off"]')!;
    cut.focus();
    await fireEvent.click(cut);
    await press('cut-off-now');
    await waitFor(() => expect(host.asked('revokeDesk')).toEqual([{ desk: 'd-ada' }]));
    const state = await part('person-desk', '[data-desk="d-ada"][data-state="cutOff"]');
    expect(state.textContent).toContain('Cut off, not wiped yet');
    expect(state.querySelector('[data-test="cut-off"]')).toBeNull();
    // What asked for it is gone: the focus stays in the settings.
    await waitFor(() => expect(find('cut-off-dialog')).toBeNull());
    const settings = await part('settings-dialog');
    await waitFor(() => expect(document.activeElement).toBe(settings.querySelector('.body')));
  });

  test('that confirmed is wiped', async () => {
    const [ada] = peopleView().people;
    const desks = [deskOf({ id: 'd', name: 'old', state: 'wiped' })];
    await openPeople({ people: [{ ...ada!, desks }] });
    await show('a-ada');
    expect(await said('person-desk')).toContain('Cut off and wiped');
    expect(find('unsettled')).toBeNull();
  });

  test('says what it has not confirmed', async () => {
    const [ada] = peopleView().people;
    const desks = [deskOf({ id: 'd', name: 'laptop', stillHolds: ['Kite & Co'], erasures: 2 })];
    await openPeople({ people: [{ ...ada!, desks }] });
    await show('a-ada');
    expect(await said('still-holds')).toContain('that it removed Kite & Co');
    expect(await said('desk-erasures')).toContain('2 erased customers are gone');
    await part('unsettled');
  });

  test('of somebody who works elsewhere too is not cut off from here', async () => {
    await openPeople();
    await show('a-jonas');
    expect(await said('not-wholly')).toContain('You can end the role on yours.');
    expect(find('cut-off')).toBeNull();
    expect(find('invite-desk')).toBeNull();
  });

  test('of one’s own, and this very one, are told apart', async () => {
    await openPeople();
    await show('a-ines');
    await press('cut-off');
    expect(await said('cut-off-dialog')).toContain('Cut off this computer?');
  });

  test('another one is invited, and the roles stay', async () => {
    await openPeople();
    await show('a-ada');
    await press('invite-desk');
    expect(await said('invite-dialog')).toContain('Another computer for Ada Okoro');
    expect(find('invite-name')).toBeNull();
    await press('make-invite');
    await part('invite-made');
    expect(host.asked('makeInvite')).toEqual([
      { name: 'Ada Okoro', agent: 'a-ada', roles: [], expiresHours: 168 },
    ]);
  });
});

describe('an invite', () => {
  test('needs a name and, with one account, makes an agent', async () => {
    await openPeople();
    await press('invite-somebody');
    const make = (await part('make-invite')) as HTMLButtonElement;
    expect(make.disabled).toBe(true);
    await write('invite-name', ' Mara Lind ');
    await waitFor(() => expect(make.disabled).toBe(false));
    // Only accounts that one administers are offered.
    expect(all('invite-role-on').map((one) => one.dataset['account'])).toEqual([northwind.id]);
    await press('invite-expiry-1');
    await press('make-invite');
    expect(await said('invite-secret')).toBe('inv_7QK2-M4TD-9XWP-3RHN');
    expect(await said('invite-address')).toBe('https://relay.northwind.example');
    expect(host.asked('makeInvite')).toEqual([
      {
        name: 'Mara Lind',
        agent: null,
        roles: [{ account: northwind.id, role: 'agent' }],
        expiresHours: 1,
      },
    ]);
  });

  test('is shown once: the list of open ones has no secret', async () => {
    await openPeople();
    await press('invite-somebody');
    await write('invite-name', 'Mara Lind');
    await press('make-invite');
    await press('invite-done');
    await waitFor(() => expect(find('invite-dialog')).toBeNull());
    await waitFor(() => expect(all('open-invite')).toHaveLength(2));
    expect(document.body.textContent).not.toContain('inv_7QK2');
  });

  test('is copied with the address', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    await openPeople();
    await press('invite-somebody');
    await write('invite-name', 'Mara Lind');
    await press('make-invite');
    await press('copy-invite');
    await waitFor(async () => expect(await said('invite-copied')).toContain('are copied'));
    expect(writeText).toHaveBeenCalledWith(
      'Relay address: https://relay.northwind.example\nInvite: inv_7QK2-M4TD-9XWP-3RHN',
    );
  });

  test('with several accounts needs a role on one', async () => {
    host.people = peopleView();
    await openPeople({
      accounts: peopleView().accounts.map((one) => ({ ...one, administered: true })),
    });
    await press('invite-somebody');
    await write('invite-name', 'Mara Lind');
    await part('needs-role');
    expect((await part('make-invite')).hasAttribute('disabled')).toBe(true);
    await choose(
      await part('invite-role-on', `[data-account="${kite.id}"]`),
      'invite-role',
      'admin',
    );
    await press('make-invite');
    await part('invite-made');
    expect(host.asked('makeInvite')[0]?.roles).toEqual([{ account: kite.id, role: 'admin' }]);
  });

  test('that the relay refuses says why, and keeps what was written', async () => {
    host.answers.makeInvite = () => {
      throw refuse('relayUnreachable', 'The relay does not answer.', 'Try again in a moment.');
    };
    await openPeople();
    await press('invite-somebody');
    await write('invite-name', 'Mara Lind');
    await press('make-invite');
    expect(await said('invite-error')).toContain('Try again in a moment.');
    expect(((await part('invite-name')) as HTMLInputElement).value).toBe('Mara Lind');
  });

  test('is taken back', async () => {
    await openPeople();
    expect(await said('open-invite')).toContain('Petra Vogel');
    await press('take-back-invite');
    await waitFor(() => expect(host.asked('takeBackInvite')).toEqual([{ invite: 'i-petra' }]));
    await waitFor(() => expect(find('open-invites')).toBeNull());
  });
});

describe('a list of people', () => {
  const list = 'name,role,account\nMara Lind,agent,Northwind Tea\n';

  async function openList() {
    await openPeople();
    await press('invite-list');
    await write('list-text', list);
  }

  test('is looked at first; its faults are told line by line, and nobody is invited', async () => {
    host.answers.checkInvites = () => ({
      people: [],
      faults: [
        { line: 2, what: 'There is no account “Northwind”.' },
        { line: 4, what: '“boss” is no role: agent, supervisor or admin.' },
      ],
    });
    await openList();
    await press('check-list');
    expect(await said('list-faults')).toContain('Line 2 There is no account “Northwind”.');
    expect(all('list-line-fault')).toHaveLength(2);
    expect(find('import-invites')).toBeNull();
    // Whoever mends it in the field checks it anew.
    await write('list-text', `${list}\n`);
    await waitFor(() => expect(find('list-faults')).toBeNull());
  });

  test('that is right invites everybody, and says where the invites are', async () => {
    host.answers.checkInvites = () => ({
      people: [
        {
          line: 2,
          name: 'Mara Lind',
          roles: [{ account: northwind.id, role: 'agent' }],
          expiresDays: 7,
          hasNamesake: true,
        },
      ],
      faults: [],
    });
    host.answers.importInvites = () => ({ name: 'invites.csv', invites: 1 });
    await openList();
    await press('check-list');
    const shown = await said('list-people');
    expect(shown).toContain('Mara Lind Agent on Northwind Tea');
    expect(shown).toContain('Somebody here has this name already');
    expect(shown).toContain('7 days');
    await press('import-invites');
    expect(await said('toast')).toContain('1 invite was saved as invites.csv');
    expect(host.asked('importInvites')).toEqual([{ text: list }]);
    await waitFor(() => expect(find('invite-list-dialog')).toBeNull());
  });

  test('stays when the person does not say where to keep the invites', async () => {
    host.answers.checkInvites = () => ({
      people: [{ line: 2, name: 'Mara Lind', roles: [], expiresDays: 7, hasNamesake: false }],
      faults: [],
    });
    host.answers.importInvites = () => ({ name: null, invites: 0 });
    await openList();
    await press('check-list');
    await press('import-invites');
    await waitFor(() => expect(host.asked('importInvites')).toHaveLength(1));
    await part('import-invites');
  });

  test('is read from a file, and one that is no text says so', async () => {
    await openPeople();
    await press('invite-list');
    const input = (await part('list-file')) as HTMLInputElement;
    const give = async (file: Blob) => {
      Object.defineProperty(input, 'files', { value: [file], configurable: true });
      await fireEvent.change(input);
    };
    await give(new Blob([new Uint8Array([0x5a, 0xeb, 0x2c])]));
    expect(await said('list-fault')).toContain('not text in UTF-8');
    expect(host.asked('checkInvites')).toEqual([]);
    await give(new Blob([list]));
    await waitFor(() => expect(host.asked('checkInvites')).toEqual([{ text: list }]));
    expect(find('list-fault')).toBeNull();
  });
});

test('another tab shows it no more, and asks no more', async () => {
  host.answers.session = () => session();
  await openPeople();
  await part('person');
  await press('tab-desk');
  await waitFor(() => expect(find('people')).toBeNull());
});
