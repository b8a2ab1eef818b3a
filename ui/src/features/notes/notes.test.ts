/** Private notes: written in a place of their own, shown between the messages, and never on a way to the customer. */
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { noNote, composer, note, threadView } from '../../test/said';
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
import type { Item } from '$lib/contract';
import { words } from '$lib/words';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const box = async () => (await part('note-text')) as HTMLTextAreaElement;
const reply = async () => (await part('composer-text')) as HTMLTextAreaElement;

/** Opens a thread and begins to write a note about it. */
async function begin(thread = 3) {
  const desk = await openWindow(host);
  await openThread(thread);
  await press('write-note');
  await part('note-composer');
  return desk;
}

function openWith(items: Item[]) {
  host.answers.openThread = ({ thread }) => {
    const one = host.rows.find((row) => row.thread === thread)!;
    return { ...threadView(one, host.storeVersion), items };
  };
}

describe('writing one', () => {
  test('Enter adds it to the team’s notes, with whom it mentions, and nothing goes to the customer', async () => {
    await begin();
    await waitFor(async () => expect(document.activeElement).toBe(await box()));
    await write('note-text', '@Jonas Falk the second box left too.');
    await key(await box(), 'Enter');
    await waitFor(() => expect(host.asked('addNote')).toHaveLength(1));
    expect(host.asked('addNote')[0]).toMatchObject({
      thread: 3,
      text: '@Jonas Falk the second box left too.',
      mentions: ['a-jonas'],
      supervisorsOnly: false,
    });
    expect(host.asked('sendReply')).toEqual([]);
    expect(host.asked('saveDraft')).toEqual([]);
  });

  test('after it the reply has its place and the focus, and says so', async () => {
    await begin();
    await write('note-text', 'She wrote twice.');
    await key(await box(), 'Enter');
    await waitFor(async () => expect(document.activeElement).toBe(await reply()));
    expect(find('note-composer')).toBeNull();
    expect(await said('toast')).toContain('Note added. What you write next goes to');
    await press('write-note');
    expect((await box()).value).toBe('');
  });

  test('what was begun meanwhile stays a note', async () => {
    let answer = () => {};
    const add = host.answers.addNote;
    host.answers.addNote = async (request) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return add(request);
    };
    await begin();
    await write('note-text', 'She wrote twice.');
    await key(await box(), 'Enter');
    await waitFor(() => expect(host.asked('addNote')).toHaveLength(1));
    await write('note-text', 'She wrote twice. And she is angry.');
    answer();
    await waitFor(async () => expect((await box()).value).toContain('And she is angry.'));
    await waitFor(() => expect((find('add-note') as HTMLButtonElement).disabled).toBe(false));
    expect(find('note-composer')).not.toBeNull();
  });

  test('another thread that is opened is for the customer', async () => {
    await begin();
    await write('note-text', 'Ask Petra first');
    await openThreadAgain();
    expect(find('note-composer')).toBeNull();
    expect((await reply()).value).toBe('');
  });

  test.each([
    ['Alt+N', { key: 'n', code: 'KeyN', altKey: true }],
    ['Ctrl+Shift+N', { key: 'N', code: 'KeyN', ctrlKey: true, shiftKey: true }],
  ])('%s goes to the note and back to the reply, each with its own text', async (_, pressed) => {
    const { key: name, ...over } = pressed;
    await openWindow(host);
    await openThread(3);
    await write('composer-text', 'Dear Paula');
    await key(await reply(), name, over);
    expect((await box()).value).toBe('');
    await write('note-text', 'She wrote twice.');
    await key(await box(), name, over);
    await waitFor(async () => expect((await reply()).value).toBe('Dear Paula'));
    expect(await said('write-note')).toContain('one is begun');
    await key(await reply(), name, over);
    await waitFor(async () => expect((await box()).value).toBe('She wrote twice.'));
  });

  test('where no text is written, n begins one and r goes back to the reply', async () => {
    await openWindow(host);
    await openThread(3);
    (await part('log')).focus();
    await key(await part('log'), 'n');
    await waitFor(async () => expect(document.activeElement).toBe(await box()));
    (await part('log')).focus();
    await key(await part('log'), 'r');
    await waitFor(async () => expect(document.activeElement).toBe(await reply()));
  });

  test('its draft is kept apart from the reply’s, and stands there again', async () => {
    await begin();
    await press('note-supervisors-only');
    await write('note-text', 'Ask Petra first');
    await openThreadAgain();
    await waitFor(() =>
      expect(host.asked('saveNoteDraft').at(-1)).toMatchObject({
        thread: 3,
        text: 'Ask Petra first',
        supervisorsOnly: true,
      }),
    );
    expect(host.asked('saveDraft')).toEqual([]);
    await press('thread-row', '[data-thread="3"]');
    // Whoever opens a thread writes to the customer until they choose otherwise.
    await part('composer');
    expect((await reply()).value).toBe('');
    await press('write-note');
    expect((await box()).value).toBe('Ask Petra first');
    expect(((await part('note-supervisors-only')) as HTMLInputElement).checked).toBe(true);
  });

  const openThreadAgain = async () => {
    await press('thread-row', '[data-thread="2"]');
    await part('composer');
  };

  test('one for supervisors is said to be so, and only once', async () => {
    await begin();
    await press('note-supervisors-only');
    await write('note-text', 'The customer threatens us.');
    await press('add-note');
    await waitFor(() => expect(host.asked('addNote')[0]).toMatchObject({ supervisorsOnly: true }));
    await waitFor(() => expect(find('note-composer')).toBeNull());
    await press('write-note');
    expect(((await part('note-supervisors-only')) as HTMLInputElement).checked).toBe(false);
  });

  test('Enter inside an input method adds nothing, nor does Shift+Enter, nor one of spaces', async () => {
    await begin();
    await write('note-text', 'こんにちは');
    await key(await box(), 'Enter', { isComposing: true });
    await key(await box(), 'Enter', { shiftKey: true });
    await write('note-text', '  \n ');
    await key(await box(), 'Enter');
    expect(host.asked('addNote')).toEqual([]);
  });

  test('with Enter for a new line, Shift+Enter adds it', async () => {
    host.settings.set('enterSends', 'false');
    await begin();
    await write('note-text', 'One line');
    await key(await box(), 'Enter');
    expect(host.asked('addNote')).toEqual([]);
    await key(await box(), 'Enter', { shiftKey: true });
    await waitFor(() => expect(host.asked('addNote')).toHaveLength(1));
  });

  test('when it cannot be kept the text stays, with the words in place', async () => {
    host.answers.addNote = () => {
      throw refuse('storage', 'The disk is full.', 'Make room, then add it again.');
    };
    await begin();
    await write('note-text', 'She wrote twice.');
    await press('add-note');
    expect(await said('note-error')).toContain('The disk is full. Make room');
    expect((await box()).value).toBe('She wrote twice.');
  });

  test('one that came back stands there with the words why', async () => {
    const back = { what: 'The relay refused this note: Petra left.', action: 'Change it.' };
    host.notes.set(3, { ...noNote, text: '@Petra Vogel look', supervisorsOnly: true, words: back });
    await begin();
    expect((await box()).value).toBe('@Petra Vogel look');
    expect(await said('note-words')).toContain('Petra left. Change it.');
    expect(((await part('note-supervisors-only')) as HTMLInputElement).checked).toBe(true);
  });

  test('one that is too long is said to be, and not added', async () => {
    await begin();
    await write('note-text', 'a'.repeat(5_003));
    expect(await said('note-composer')).toContain(words.composer.tooLong(3));
    await key(await box(), 'Enter');
    expect(host.asked('addNote')).toEqual([]);
  });

  test('without knowing who works here an @ would mean nobody: it is not added', async () => {
    host.answers.members = () => {
      throw refuse('storage', 'The team could not be read.');
    };
    await begin();
    await write('note-text', '@Jonas Falk look');
    await press('add-note');
    expect(await said('note-error')).toContain('The team could not be read.');
    expect(host.asked('addNote')).toEqual([]);
  });

  test('files do not go with notes, and the key for them says so', async () => {
    await begin();
    await key(await box(), 'a', { code: 'KeyA', altKey: true });
    expect(await said('toast')).toContain('Files cannot be added to a note');
  });
});

describe('an @', () => {
  const offered = () => all('offer').map((one) => one.dataset['key']);

  test('offers colleagues; Enter puts the name there and adds nothing', async () => {
    await begin();
    await write('note-text', 'Hi @pet');
    await waitFor(() => expect(offered()).toEqual(['a-petra']));
    await key(await box(), 'Enter');
    await waitFor(async () => expect((await box()).value).toBe('Hi @Petra Vogel '));
    expect(host.asked('addNote')).toEqual([]);
    await key(await box(), 'Enter');
    await waitFor(() => expect(host.asked('addNote')[0]).toMatchObject({ mentions: ['a-petra'] }));
  });

  test('says so where nobody is called that; in a reply it offers nothing', async () => {
    await begin();
    await write('note-text', '@zoltan');
    expect(await said('offers-note')).not.toBe('');
    await press('note-back');
    await write('composer-text', '@pet');
    expect(find('offers')).toBeNull();
  });
});

describe('in the thread', () => {
  test('it says whose it is, whom it mentions, and whether all see it', async () => {
    openWith([
      note({
        key: 'a',
        by: 'Jonas Falk',
        text: '@Ines the second box left too.',
        mentions: [
          { name: 'Ines', me: true },
          { name: 'Ada Okoro', me: false },
        ],
        supervisorsOnly: true,
      }),
    ]);
    await openWindow(host);
    await openThread(3);
    expect(await said('note')).toMatch(/Jonas Falk.*for supervisors.*@Ines the second box/);
    expect((await part('mention')).dataset['me']).toBe('');
    // The name does not stand in its words.
    expect(await said('note-also')).toBe('Mentions: Ada Okoro');
    expect(find('remove-note')).toBeNull();
  });

  test('one that the team has not yet says so', async () => {
    openWith([note({ key: 'a', text: 'Soon', pending: true, mayRemove: true })]);
    await openWindow(host);
    await openThread(3);
    expect(await said('note-pending')).toBe('on its way to the team');
  });

  test('it is removed for all after some seconds, or at once, and can be kept', async () => {
    openWith([note({ key: 'a', text: 'Wrong thread', mayRemove: true })]);
    await openWindow(host);
    await openThread(3);
    await press('remove-note');
    expect(await said('note-goes')).toContain('is being removed');
    await key(document.body, 'z', { ctrlKey: true });
    expect(await said('note')).toContain('Wrong thread');
    expect(host.asked('removeNote')).toEqual([]);

    await press('remove-note');
    await part('note-goes');
    clickAct('Now');
    await waitFor(() => expect(host.asked('removeNote')).toEqual([{ thread: 3, note: 'n_a' }]));
  });

  test('when it cannot be removed it stands there again, with the words', async () => {
    host.answers.removeNote = () => {
      throw refuse('storage', 'The disk is full.');
    };
    openWith([note({ key: 'a', text: 'Wrong thread', mayRemove: true })]);
    const desk = await openWindow(host);
    await openThread(3);
    await press('remove-note');
    desk.held.flush();
    await waitFor(() => expect(all('toast').at(-1)?.textContent).toContain('The disk is full.'));
    expect(await said('note')).toContain('Wrong thread');
  });
});

test('a note that came back is told of wherever one is', async () => {
  const back = { what: 'The relay refused this note: Petra left.', action: 'It is a draft.' };
  const { status } = host.answers;
  host.answers.status = async (request) => ({
    ...(await status(request)),
    setbacks: [{ part: 'n-1', kind: 'notNoted', thread: 3, name: 'Paula Rentsch', words: back }],
  });
  await openWindow(host);
  expect(await said('toast')).toMatch(/Paula Rentsch.*Petra left\. It is a draft\./);
});

test('what is written as a note never becomes the reply’s draft', async () => {
  host.answers.openThread = ({ thread }) => ({
    ...threadView(
      host.rows.find((row) => row.thread === thread)!,
      1,
    ),
    composer: composer({ draft: 'Dear Paula', note: { ...noNote, text: 'She is cross' } }),
  });
  await openWindow(host);
  await openThread(3);
  expect((await reply()).value).toBe('Dear Paula');
  await press('write-note');
  expect((await box()).value).toBe('She is cross');
});

function clickAct(label: string) {
  const button = [...document.querySelectorAll<HTMLElement>('.toast button')].find((one) =>
    one.textContent?.includes(label),
  );
  button?.click();
}
