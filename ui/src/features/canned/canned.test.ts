/** Canned replies: what they become, how they are found, used in the composer and managed in the settings. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
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
import { fill, firstBlank } from './fill';
import { findCanned } from './find';

const known = { name: 'Paula', agent: 'Ines', account: 'Northwind Tea' };
const shown = (text: string, over = {}) =>
  fill(text, { ...known, ...over })
    .map(({ text, blank }) => (blank ? `[${text}]` : text))
    .join('');

test.each([
  ['Dear {name}, {agent} of {account} here.', 'Dear Paula, Ines of Northwind Tea here.'],
  ['{ Name }{name}', 'PaulaPaula'],
  ['Order {order number} is on its way.', 'Order [{order number}] is on its way.'],
  ['{toString}', '[{toString}]'],
  ['{} {1} a{b', '{} {1} a{b'],
  ['', ''],
])('%j becomes %j', (text, becomes) => {
  expect(shown(text)).toBe(becomes);
});

test('a variable without a value stays a blank', () => {
  expect(shown('Dear {name},', { name: null })).toBe('Dear [{name}],');
  expect(shown('{agent}', { agent: '' })).toBe('[{agent}]');
  expect(firstBlank('Dear {name}, {x}')).toEqual({ from: 5, to: 11, blank: '{name}' });
  expect(firstBlank('Dear Paula')).toBeNull();
});

test('the beginning of a name fits best, then of a word in it, then its middle, then the text', () => {
  const replies = ['at the end', 'the hours', 'thanks', 'other', 'bye'].map((name) => ({
    name,
    text: name === 'bye' ? 'So long, and the like.' : 'x',
    shared: true,
  }));
  const names = (typed: string) => findCanned(replies, typed).map(({ name }) => name);
  expect(names('the')).toEqual(['the hours', 'at the end', 'other', 'bye']);
  expect(names('')).toHaveLength(5);
  expect(names('xyz')).toEqual([]);
});

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

describe('in the composer', () => {
  const box = async () => (await part('composer-text')) as HTMLTextAreaElement;
  const offered = () => all('offer').map((one) => one.dataset['key']);

  async function opens(thread = 3) {
    await openWindow(host);
    await openThread(thread);
  }

  test('a slash in an empty reply shows them all, typing searches, the chosen one is shown as it would be', async () => {
    await opens();
    await write('composer-text', '/');
    await part('offer');
    expect(offered()).toEqual(['own bye', 'team hours', 'team order']);
    await write('composer-text', '/hou');
    await waitFor(() => expect(offered()).toEqual(['team hours']));
    const preview = await said('canned-preview');
    expect(preview).toContain('Dear Paula Rentsch, Northwind Tea is open from nine. Ines');
  });

  test('picking puts the text in and sends nothing', async () => {
    await opens();
    await write('composer-text', '/hou');
    await part('canned-preview');
    await key(await box(), 'Enter');
    await waitFor(async () => expect((await box()).value).toContain('Dear Paula Rentsch, '));
    expect(find('offers')).toBeNull();
    await key(await box(), 'Enter');
    await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
    expect(host.asked('sendReply')[0]!.text).not.toContain('/hou');
  });

  test('Ctrl+Enter over the list picks too, so that no half name leaves', async () => {
    await opens();
    await write('composer-text', '/bye');
    await part('canned-preview');
    await key(await box(), 'Enter', { ctrlKey: true });
    expect((await box()).value).toBe('Goodbye, and thank you.');
    expect(host.asked('sendReply')).toEqual([]);
  });

  test('what is not known is marked, selected, and not sent without a second press', async () => {
    await opens();
    await write('composer-text', '/order');
    expect(await said('canned-preview', ' mark')).toBe('{order number}');
    await key(await box(), 'Tab');
    const field = await box();
    expect(field.value).toBe('Your order {order number} is on its way.');
    const selected = () => field.value.slice(field.selectionStart, field.selectionEnd);
    expect(selected()).toBe('{order number}');
    field.setSelectionRange(0, 0);
    await key(field, 'Enter');
    expect(await said('blank-left')).toContain('{order number}');
    expect(selected()).toBe('{order number}');
    expect(host.asked('sendReply')).toEqual([]);
    await write('composer-text', 'Your order {order number} is there.');
    await waitFor(() => expect(find('blank-left')).toBeNull());
    await key(field, 'Enter');
    await part('blank-left');
    await key(field, 'Enter');
    await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
  });

  test('a customer whose name nobody told is a blank', async () => {
    host.rows = host.rows.map((row) =>
      row.thread === 3 ? { ...row, nameFrom: 'nobody', name: 'Customer 0003' } : row,
    );
    await opens();
    await write('composer-text', '/hours');
    expect(await said('canned-preview', ' mark')).toBe('{name}');
  });

  test('a slash later in the text offers nothing, and one that fits nothing is text', async () => {
    await opens();
    await write('composer-text', 'yes/');
    expect(find('offers')).toBeNull();
    await write('composer-text', '/xyz');
    expect(await said('offers-note')).toContain('No canned reply');
    await key(await box(), 'Enter');
    await waitFor(() => expect(find('offers-note')).toBeNull());
    expect(host.asked('sendReply')).toEqual([]);
    await key(await box(), 'Enter');
    await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ text: '/xyz' }));
  });

  test('where there are none it says where they are added, and Esc closes that first', async () => {
    host.canned = { replies: [], mayShare: false };
    await opens();
    await write('composer-text', '/');
    expect(await said('offers-note')).toContain('Settings');
    await key(await box(), 'Escape');
    await waitFor(() => expect(find('offers')).toBeNull());
    expect(document.activeElement).toBe(await box());
  });

  test('the list that the team has now is shown each time', async () => {
    await opens();
    await write('composer-text', '/');
    await part('offer');
    await write('composer-text', '');
    host.canned.replies = [{ name: 'new', text: 'New', shared: true }];
    await write('composer-text', '/');
    await waitFor(() => expect(offered()).toEqual(['team new']));
  });
});

describe('in the settings', () => {
  const keys = () => all('canned-reply').map((one) => one.dataset['key']);

  async function opens() {
    await openWindow(host);
    await press('settings');
    await press('tab-canned');
    await part('canned');
  }

  test('one is added for oneself, and the team’s come first', async () => {
    await opens();
    await press('add-canned');
    await write('canned-name', ' thanks ');
    await write('canned-text', 'Thank you, {name}.');
    await press('save-canned');
    await waitFor(() =>
      expect(keys()).toEqual(['team hours', 'team order', 'own bye', 'own thanks']),
    );
    expect(host.asked('setCannedReply')).toEqual([
      { name: 'thanks', text: 'Thank you, {name}.', shared: false },
    ]);
    await waitFor(() => expect(document.activeElement).toBe(find('add-canned')));
  });

  test('one gets another name, is shared, and the old one goes after the new one is kept', async () => {
    await opens();
    await press('change-canned', '[aria-label="Change bye"]');
    await write('canned-name', 'goodbye');
    await fireEvent.click(await part('canned-shared'));
    await press('save-canned');
    await waitFor(() => expect(keys()).toEqual(['team goodbye', 'team hours', 'team order']));
    const text = 'Goodbye, and thank you.';
    expect(host.asked('setCannedReply')).toEqual([
      { name: 'goodbye', text, shared: true },
      { name: 'bye', text: null, shared: false },
    ]);
  });

  test('a name that is there already is not taken twice', async () => {
    await opens();
    await press('add-canned');
    await write('canned-name', 'bye');
    await write('canned-text', 'Bye');
    await part('canned-taken');
    expect(find('save-canned')).toHaveProperty('disabled', true);
  });

  test('how long a name may be is said before the field takes no more', async () => {
    await opens();
    await press('add-canned');
    await write('canned-name', 'x'.repeat(29));
    expect(find('canned-name-left')).toBeNull();
    await write('canned-name', 'x'.repeat(31));
    expect(await said('canned-name-left')).toBe('9 characters left');
    await write('canned-name', 'x'.repeat(40));
    await waitFor(async () => expect(await said('canned-name-left')).toContain('at most 40'));
  });

  test('removing asks once', async () => {
    await opens();
    await press('remove-canned', '[aria-label="Remove hours"]');
    await press('keep-canned');
    expect(host.asked('setCannedReply')).toEqual([]);
    await press('remove-canned', '[aria-label="Remove hours"]');
    await press('remove-canned-now');
    await waitFor(() => expect(keys()).toEqual(['team order', 'own bye']));
  });

  test('whose role does not allow it changes only their own', async () => {
    host.canned = { ...host.canned, mayShare: false };
    await opens();
    await part('change-canned');
    expect(all('change-canned').map((one) => one.getAttribute('aria-label'))).toEqual([
      'Change bye',
    ]);
    await press('add-canned');
    expect(await part('canned-shared')).toHaveProperty('disabled', true);
  });

  test('a refusal stays with what was written, and Esc throws nothing of it away', async () => {
    host.answers.setCannedReply = () => {
      throw refuse('relayUnreachable', 'The relay cannot be reached.', 'Check the network.');
    };
    await opens();
    await press('add-canned');
    await write('canned-name', 'thanks');
    await write('canned-text', 'Thank you');
    await press('save-canned');
    expect(await said('canned-failed')).toContain('Check the network.');
    await key(await part('canned-text'), 'Escape');
    expect(await said('canned-unsaved')).toContain('Not saved');
    await press('cancel-canned');
    await waitFor(() => expect(find('canned-form')).toBeNull());
    expect(find('settings-dialog')).not.toBeNull();
  });

  test('an empty list says what to do', async () => {
    host.canned = { replies: [], mayShare: true };
    await opens();
    expect(await said('canned-empty')).toContain('type /');
  });

  test('what a colleague shares appears', async () => {
    await opens();
    await waitFor(() => expect(keys()).toHaveLength(3));
    host.canned = { ...host.canned, replies: host.canned.replies.slice(0, 1) };
    host.tell({ notice: 'session' });
    await waitFor(() => expect(keys()).toEqual(['own bye']));
  });
});
