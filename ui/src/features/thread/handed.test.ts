/** A draft that was handed over, a reply that waits on another desk, and a thread that only its assignee answers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { words } from '$lib/words';
import { FakeHost } from '../../test/fake-host';
import { NOW } from '../../test/people';
import { composer } from '../../test/said';
import { find, openThread, openWindow, part, press, said, waitFor, write } from '../../test/window';

const text = 'Dear Samir, your order left';
const handed = { seq: 71, by: 'Mara Lindt', atMs: NOW, text, files: [] };
let host: FakeHost;
beforeEach(() => (host = new FakeHost()));

async function opens(thread: number) {
  await openWindow(host);
  await press('view-all');
  await openThread(thread);
}

const box = () => find('composer-text') as HTMLTextAreaElement;

describe('a draft that was handed over', () => {
  beforeEach(() => host.handed.set(1, handed));

  test('says whose it is, and stands in the reply once it is used', async () => {
    await opens(1);
    const card = await part('handed-draft');
    expect(card.textContent).toContain(words.handed.title('Mara Lindt'));
    expect(card.textContent).toContain(text);
    await press('use-handed');
    await waitFor(() => expect(box().value).toBe(text));
    await waitFor(() => expect(host.asked('dropHandedDraft')).toEqual([{ thread: 1, seq: 71 }]));
    await waitFor(() => expect(find('handed-draft')).toBeNull());
    expect(host.asked('saveDraft').at(-1)?.text).toBe(text);
  });

  test('is added after what is written already, an empty line between them', async () => {
    await opens(1);
    await part('composer-text');
    await write('composer-text', 'Hello');
    await waitFor(() => expect(find('use-handed')?.textContent?.trim()).toBe(words.handed.add));
    await press('use-handed');
    await waitFor(() => expect(box().value).toBe(`Hello\n\n${text}`));
  });

  test('says which of its files stayed where they were', async () => {
    const files = ['offer.pdf', 'map.png'];
    host.handed.set(1, { ...handed, files });
    await opens(1);
    expect(await said('handed-files')).toBe(words.handed.files('Mara Lindt', files));
    expect(words.handed.files('Mara Lindt', files)).toContain('2 files stayed on the desk of');
    expect(find('use-handed')).not.toBeNull();
  });

  test('of which there is nothing but files says so, and can only be put aside', async () => {
    host.handed.set(1, { ...handed, text: '', files: ['offer.pdf'] });
    await opens(1);
    expect(await said('handed-files')).toContain('1 file stayed');
    expect(find('use-handed')).toBeNull();
    await press('discard-handed');
    await waitFor(() => expect(find('handed-draft')).toBeNull());
  });

  test('is put aside without touching the reply', async () => {
    await opens(1);
    await press('discard-handed');
    await waitFor(() => expect(find('handed-draft')).toBeNull());
    expect(box().value).toBe('');
    expect(host.asked('dropHandedDraft')).toEqual([{ thread: 1, seq: 71 }]);
  });
});

describe('a reply that waits on another desk', () => {
  test('is said on the row and in the strip', async () => {
    host.change(1, { replyWaits: { name: 'Mara Lindt', me: false } });
    await opens(1);
    expect(await said('reply-waits')).toContain(words.replyWaits.on('Mara Lindt'));
    const mark = await part('row-reply-waits');
    expect(mark.title).toBe(words.replyWaits.on('Mara Lindt'));
  });

  test('of one’s own is told as such', async () => {
    host.change(1, { replyWaits: { name: 'Ines Kremer', me: true } });
    await opens(1);
    expect(await said('reply-waits')).toContain(words.replyWaits.mine);
  });

  test('is nothing where none does', async () => {
    await opens(1);
    await part('owner-strip');
    expect(find('reply-waits')).toBeNull();
    expect(find('row-reply-waits')).toBeNull();
  });
});

describe('where only the assignee may answer', () => {
  const why = { what: 'Only whoever works on a thread may answer here.', action: 'Take it.' };
  const shut = composer({ send: 'blocked', words: why, forAnother: true });

  test('the composer says so, and a supervisor takes the thread there', async () => {
    host.change(1, { assignee: 'Jonas Falk', mine: false });
    const open = host.answers.openThread;
    host.answers.openThread = (asked) => ({ ...open(asked), composer: shut });
    await opens(1);
    expect(await said('composer-words')).toContain(why.what);
    expect((find('send') as HTMLButtonElement).disabled).toBe(true);
    await press('take-thread');
    await waitFor(() =>
      expect(host.calls.some(({ name }) => name === 'members' || name === 'assign')).toBe(true),
    );
  });

  test('an agent who may not take it is not offered that', async () => {
    host.change(2, { assignee: 'Jonas Falk', mine: false, account: '102' });
    const open = host.answers.openThread;
    host.answers.openThread = (asked) => ({ ...open(asked), composer: shut });
    await opens(2);
    expect(await said('composer-words')).toContain(why.what);
    expect(find('take-thread')).toBeNull();
  });
});

test('the window opens without any of it', async () => {
  await openWindow(host);
  expect(find('set-offline')).toBeNull();
});
