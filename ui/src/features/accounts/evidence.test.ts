/** The evidence of late replies, saved by those who may. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, northwind, session } from '../../test/people';
import { find, openWindow, part, press, waitFor } from '../../test/window';
import { words } from '$lib/words';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.answers.session = () => session({ accounts: [northwind] });
});

async function open() {
  await openWindow(host);
  await press('settings');
  await press('tab-accounts');
  await part('account-details');
}

const toast = () => find('toast')?.textContent ?? '';

test('it says how many are in the file and what it is called, and what this desk lacks', async () => {
  let done: (() => void) | null = null;
  host.answers.exportEvidence = () =>
    new Promise((resolve) => (done = () => resolve({ name: 'late.csv', rows: 3, lacks: 2 })));
  await open();
  await press('export-evidence');
  await waitFor(() => expect(find('export-evidence')?.textContent).toBe(words.accounts.exporting));
  expect(find('export-evidence')?.hasAttribute('disabled')).toBe(true);
  await waitFor(() => expect(done).not.toBeNull());
  done!();
  await waitFor(() => expect(toast()).toContain('late.csv'));
  expect(toast()).toContain(words.accounts.exportLacks(2));
  expect(host.asked('exportEvidence')).toEqual([{ account: northwind.id }]);
});

test('whoever changes their mind is told nothing; what goes wrong is said', async () => {
  host.answers.exportEvidence = () => ({ name: null, rows: 0, lacks: 0 });
  await open();
  await press('export-evidence');
  await waitFor(() => expect(host.asked('exportEvidence').length).toBe(1));
  expect(find('toast')).toBeNull();
  host.answers.exportEvidence = () => {
    throw refuse('storage', 'The file could not be written.', 'Choose another place.');
  };
  await press('export-evidence');
  await waitFor(() => expect(toast()).toContain('could not be written'));
});

test('agents are not offered it', async () => {
  host.answers.session = () => session({ accounts: [kite] });
  await open();
  expect(find('export-evidence')).toBeNull();
});
