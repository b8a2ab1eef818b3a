/** What the composer offers while an agent writes, by its keys. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../../test/fake-host';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  waitFor,
  write,
} from '../../../test/window';

let host: FakeHost;
beforeEach(async () => {
  host = new FakeHost();
  await openWindow(host);
  await openThread(3);
});

const box = async () => (await part('composer-text')) as HTMLTextAreaElement;
const at = () => find('offer', '[aria-selected="true"]')?.dataset['key'];
const offered = () => all('offer').map((one) => one.dataset['key']);
const gone = () => waitFor(() => expect(find('offers')).toBeNull());

test('letters after a colon offer emoji; Enter picks one into their place and sends nothing', async () => {
  await write('composer-text', 'Thank you :smi');
  await part('offers');
  const field = await box();
  expect(at()).toBe('😊');
  expect(field.getAttribute('aria-activedescendant')).toBe(
    find('offer', '[aria-selected="true"]')!.id,
  );
  await key(field, 'Enter');
  expect(field.value).toBe('Thank you 😊 ');
  await gone();
  expect(field.getAttribute('aria-activedescendant')).toBeNull();
  await waitFor(() => expect(host.drafts.get(3)).toBe('Thank you 😊 '));
  expect(host.asked('sendReply')).toEqual([]);
  await key(field, 'Enter');
  await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
});

test('arrows go round, Tab picks, and so does the pointer', async () => {
  const field = await box();
  await write('composer-text', ':smi');
  await part('offers');
  const [first, second] = offered();
  await key(field, 'ArrowUp');
  expect(at()).toBe(offered().at(-1));
  await key(field, 'ArrowDown');
  expect(at()).toBe(first);
  await key(field, 'ArrowDown');
  await key(field, 'Tab');
  expect(field.value).toBe(`${second} `);
  await write('composer-text', ':parcel');
  await press('offer', '[data-key="📦"]');
  expect(field.value).toBe('📦 ');
});

test('the space that one types behind a picked emoji is not doubled, the next one is typed', async () => {
  const field = await box();
  await write('composer-text', ':parcel');
  await part('offers');
  await key(field, 'Enter');
  expect(field.value).toBe('📦 ');
  const space = () => fireEvent.keyDown(field, { key: ' ', bubbles: true, cancelable: true });
  expect(await space(), 'it is there already').toBe(false);
  expect(await space()).toBe(true);
});

test('a space behind what was written after the emoji is typed', async () => {
  const field = await box();
  await write('composer-text', ':parcel');
  await part('offers');
  await key(field, 'Enter');
  await write('composer-text', '📦 x');
  await write('composer-text', '📦 ');
  expect(await fireEvent.keyDown(field, { key: ' ', bubbles: true, cancelable: true })).toBe(true);
});

test('Esc closes what is offered first, and it stays closed while one writes on there', async () => {
  const field = await box();
  await write('composer-text', 'Hm :smi');
  await part('offers');
  await key(field, 'Escape');
  await gone();
  expect(document.activeElement).toBe(field);
  await write('composer-text', 'Hm :smil');
  expect(find('offers')).toBeNull();
  await write('composer-text', 'Hm :smil :par');
  await part('offers');
});

test('what was used lately comes first the next time, and after a restart', async () => {
  await write('composer-text', ':sunglasses');
  await part('offers');
  await key(await box(), 'Enter');
  await write('composer-text', ':smi');
  await part('offers');
  expect(offered()[0]).toBe('😎');
  expect(host.settings.get('recentEmoji')).toBe('["😎"]');
});

test('nothing is offered while an input method composes, and its Enter picks nothing', async () => {
  const field = await box();
  await fireEvent.compositionStart(field);
  await write('composer-text', ':smi');
  expect(find('offers')).toBeNull();
  await fireEvent.compositionEnd(field);
  await part('offers');
  await key(field, 'Enter', { isComposing: true });
  expect(field.value).toBe(':smi');
  await key(field, 'Enter', { keyCode: 229 });
  expect(field.value).toBe(':smi');
});

test('while it is open no key of the page goes past it to the thread', async () => {
  const field = await box();
  await write('composer-text', 'Hm :smi');
  await part('offers');
  const before = host.calls.length;
  await key(field, 'E', { code: 'KeyE', ctrlKey: true, shiftKey: true });
  await key(field, 'ArrowDown', { altKey: true });
  await key(field, 'n', { code: 'KeyN', altKey: true });
  expect(host.calls.slice(before).map(({ name }) => name)).not.toContain('setStatus');
  expect(find('offers')).not.toBeNull();
  expect(find('note-composer')).toBeNull();
  expect(document.activeElement).toBe(field);
  // A page goes to the end of the list, and back; nothing scrolls behind it.
  await key(field, 'PageDown');
  expect(at()).toBe(offered().at(-1));
  await key(field, 'PageUp');
  expect(at()).toBe(offered()[0]);
  await key(field, 'Escape');
  await gone();
  expect(document.activeElement).toBe(field);
  await key(field, 'n', { code: 'KeyN', altKey: true });
  await part('note-composer');
});

test('who goes elsewhere closes it', async () => {
  await write('composer-text', ':smi');
  await part('offers');
  await fireEvent.blur(await box());
  await gone();
});
