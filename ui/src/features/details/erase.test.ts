import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ErasureView, Item } from '$lib/contract';
import { FakeHost, refuse } from '../../test/fake-host';
import { DAY, HOUR, kite, northwind, NOW, session } from '../../test/people';
import {
  all,
  find,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';

const tombstone: Item = {
  item: 'erased',
  key: 'team:41',
  atMs: NOW - HOUR,
  line: 'Ines erased this customer',
};

let host: FakeHost;
beforeEach(() => (host = new FakeHost()));
afterEach(() => vi.useRealTimers());

async function openDetails(thread = 3) {
  await openWindow(host);
  await openThread(thread);
  if (!find('details')) await press('toggle-details');
  return part('details');
}

function wasErased(standing: ErasureView | null) {
  const open = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await open(request);
    return { ...view, items: [tombstone] };
  };
  if (standing) host.erasures.set(3, standing);
}

describe('before', () => {
  test('it says what is erased, what stays, and that Meta keeps its copy; the name is typed', async () => {
    await openDetails();
    await press('erase-customer');
    const words = await said('erase-dialog');
    expect(words).toContain('Erase Paula Rentsch?');
    expect(words).toContain('Meta keeps its own copy');
    expect(words).toContain('This cannot be undone.');
    await waitFor(async () =>
      expect(await said('erase-dialog')).toContain(
        '14 messages, 2 private notes, 3 files, what is written and not sent',
      ),
    );
    const now = (await part('erase-now')) as HTMLButtonElement;
    expect(now.disabled).toBe(true);
    await write('erase-name', 'Paula');
    await waitFor(() => expect(now.disabled).toBe(true));
    await write('erase-name', ' paula  RENTSCH');
    await waitFor(() => expect(now.disabled).toBe(false));
    await press('erase-now');
    await waitFor(() => expect(host.asked('eraseCustomer')).toEqual([{ thread: 3 }]));
    await waitFor(() => expect(find('erase-dialog')).toBeNull());
    expect(await said('toast')).toContain('The customer was erased.');
  });

  test('nothing happens to whoever is kept', async () => {
    await openDetails();
    await press('erase-customer');
    await write('erase-name', 'Paula Rentsch');
    await press('erase-keep');
    await waitFor(() => expect(find('erase-dialog')).toBeNull());
    expect(host.asked('eraseCustomer')).toEqual([]);
    // What was typed for one dialog opens no other.
    await press('erase-customer');
    expect(((await part('erase-name')) as HTMLInputElement).value).toBe('');
  });

  test('what the relay refuses is told, and the customer stays', async () => {
    host.answers.eraseCustomer = () => {
      throw refuse('relayUnreachable', 'The relay does not answer.', 'Nothing was erased.');
    };
    await openDetails();
    await press('erase-customer');
    await write('erase-name', 'Paula Rentsch');
    await press('erase-now');
    expect(await said('toast')).toContain('Nothing was erased.');
  });

  test('it is not offered to those who are no administrator of the account', async () => {
    host.answers.session = () =>
      session({ accounts: [{ ...northwind, role: 'supervisor' }, kite] });
    host.settings.set('start', '"inbox"');
    await openDetails();
    await part('blocking');
    expect(find('erase')).toBeNull();
    expect(host.asked('erasure')).toEqual([]);
  });
});

describe('afterwards', () => {
  test('the thread says when and who, and that Meta keeps its copy', async () => {
    wasErased(null);
    await openDetails();
    const line = await said('erased');
    expect(line).toContain('Ines erased this customer');
    expect(line).toContain('Meta keeps its own copy.');
  });

  test('the computers that have not confirmed it are listed until they have', async () => {
    const waiting = [
      {
        id: 'd-1',
        name: 'ada-laptop',
        agentName: 'Ada Okoro',
        seenMs: NOW - 3 * DAY,
        connected: false,
        cutOff: false,
      },
      {
        id: 'd-2',
        name: 'old',
        agentName: 'Jonas Falk',
        seenMs: null,
        connected: false,
        cutOff: true,
      },
    ];
    wasErased({ atMs: NOW - HOUR, by: 'Ines Kremer', waiting });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await openDetails();
    expect(await said('erasure')).toContain('by Ines Kremer');
    await part('erasure-waiting');
    const cells = all('erasure-desk').map((one) =>
      [...one.children].map((cell) => cell.textContent?.replace(/\s+/g, ' ').trim()),
    );
    expect(cells).toEqual([
      ['ada-laptop of Ada Okoro', expect.stringMatching(/^last seen /)],
      ['old of Jonas Falk', 'cut off, not wiped yet'],
    ]);
    host.erasures.set(3, { atMs: NOW - HOUR, by: 'Ines Kremer', waiting: [] });
    vi.advanceTimersByTime(15_000);
    await part('erasure-confirmed');
  });

  test('that all have is said', async () => {
    wasErased({ atMs: NOW - HOUR, by: null, waiting: [] });
    await openDetails();
    await part('erasure-confirmed');
    expect(find('erasure-waiting')).toBeNull();
  });

  test('while the relay is away nobody claims to know', async () => {
    wasErased(null);
    host.answers.erasure = () => {
      throw refuse('relayUnreachable', 'The relay does not answer.');
    };
    await openDetails();
    await part('erasure-unknown');
  });
});
