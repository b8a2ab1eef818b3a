/** What replies of an account do while the relay is away is an administrator's choice. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, northwind, session } from '../../test/people';
import { find, openWindow, part, press, waitFor } from '../../test/window';

let host: FakeHost;
let sendsUnchecked: boolean;
beforeEach(() => {
  host = new FakeHost();
  sendsUnchecked = false;
  host.answers.session = () => session({ accounts: [{ ...northwind, sendsUnchecked }] });
});

async function open() {
  await openWindow(host);
  await press('settings');
  await press('tab-accounts');
  await part('account-details');
}

const isChecked = (name: string) => (find(name) as HTMLInputElement).checked;

test('it is chosen, and shown as the host says it is', async () => {
  host.answers.setWaiting = (asked) => {
    sendsUnchecked = asked.sendsUnchecked;
    return null;
  };
  await open();
  expect([isChecked('waits-for-relay'), isChecked('sends-unchecked')]).toEqual([true, false]);
  await press('sends-unchecked');
  expect(host.asked('setWaiting')).toEqual([{ account: northwind.id, sendsUnchecked: true }]);
  await waitFor(() => expect(isChecked('sends-unchecked')).toBe(true));
});

test('a refusal is told, and the choice stands as before', async () => {
  host.answers.setWaiting = () => {
    throw refuse('notAllowed', 'Only an admin of the account says this.', 'Ask an admin.');
  };
  await open();
  await press('sends-unchecked');
  await waitFor(() => expect(find('toast')?.textContent).toContain('Only an admin'));
  await waitFor(() => expect(isChecked('waits-for-relay')).toBe(true));
});

test('nobody else is asked', async () => {
  host.answers.session = () => session({ accounts: [kite] });
  await open();
  expect(find('while-away')).toBeNull();
});
