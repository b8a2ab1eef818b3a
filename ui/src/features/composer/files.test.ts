/** Files of a reply: pasted, dropped, chosen, taken out again, and sent with the text. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { composer, media, message, threadView } from '../../test/said';
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
import type { ComposerState, Item, MediaView } from '$lib/contract';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const box = async () => (await part('composer-text')) as HTMLTextAreaElement;
const picture = (name: string, size = 2_000) =>
  new File([new Uint8Array(size)], name, { type: 'image/png' });

function openWith(over: Partial<ComposerState>, items?: Item[]) {
  host.answers.openThread = ({ thread }) => {
    const one = host.rows.find((row) => row.thread === thread)!;
    const view = threadView(one, host.storeVersion);
    return { ...view, items: items ?? view.items, composer: composer(over) };
  };
}

const drafted = (id: string, title: string): MediaView =>
  media({
    id,
    title,
    state: 'here',
    bytes: 184_300,
    content: { is: 'picture', width: 1600, height: 1200, moves: false },
  });

/** What the desktop gives with a paste or a drop. */
function carrying(type: string, files: File[], text = '', uris: string | null = null): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  const forms: Record<string, string> = {};
  if (text !== '') forms['text/plain'] = text;
  if (uris !== null) forms['text/uri-list'] = uris;
  const types = [...(files.length > 0 ? ['Files'] : []), ...Object.keys(forms)];
  const given = { files, types, getData: (form: string) => forms[form] ?? '' };
  Object.assign(event, type === 'paste' ? { clipboardData: given } : { dataTransfer: given });
  return event;
}

test('pictures that are pasted, dropped and chosen are added in order and leave with the text', async () => {
  await openWindow(host);
  await openThread(3);
  const paste = carrying('paste', [picture('')]);
  (await box()).dispatchEvent(paste);
  expect(paste.defaultPrevented).toBe(true);
  const main = await part('thread');
  main.dispatchEvent(carrying('dragenter', [picture('two.png')]));
  await waitFor(() => expect(find('drop')?.textContent).toContain('Paula'));
  main.dispatchEvent(carrying('drop', [picture('two.png'), picture('three.png')]));
  await waitFor(() => expect(all('draft-file')).toHaveLength(3));
  expect(find('drop')).toBeNull();
  const chooser = (await part('file-chooser')) as HTMLInputElement;
  Object.defineProperty(chooser, 'files', { value: [picture('four.png')], configurable: true });
  chooser.dispatchEvent(new Event('change', { bubbles: true }));
  await waitFor(() => expect(all('draft-file')).toHaveLength(4));
  expect(host.attached.map(({ thread, name }) => [thread, name])).toEqual([
    [3, ''],
    [3, 'two.png'],
    [3, 'three.png'],
    [3, 'four.png'],
  ]);
  await write('composer-text', 'Here they are.');
  await key(await box(), 'Enter');
  await waitFor(() =>
    expect(host.asked('sendReply')[0]).toMatchObject({
      text: 'Here they are.',
      files: ['f.1', 'f.2', 'f.3', 'f.4'],
    }),
  );
  await waitFor(() => expect(all('draft-file')).toHaveLength(0));
});

test.each([
  ['cells', 'a\tb', null],
  ['a path that stands in a text', 'See /media/ines/cells.png', null],
  ['the path of another file', '/media/ines/other.png', null],
  ['the name alone', 'cells.png', null],
  ['a path and a text', '/media/ines/cells.png\nLook at this', null],
  ['a link on a web page', 'Our cells', 'https://northwind.test/cells.png'],
])('a text that was copied with a picture is pasted as text: %s', async (_, text, uris) => {
  await openWindow(host);
  await openThread(3);
  const paste = carrying('paste', [picture('cells.png')], text, uris);
  (await box()).dispatchEvent(paste);
  expect(paste.defaultPrevented).toBe(false);
  expect(host.attached).toEqual([]);
});

const [CUP, POT] = ['/media/ines/a cup.png', '/media/ines/pot.png'];

test.each([
  ['their paths', `${CUP}\n${POT}`, null],
  ['their addresses', 'file:///media/ines/a%20cup.png\r\nfile:///media/ines/pot.png\r\n', null],
  ['paths of Windows', 'C:\\Users\\ines\\a cup.png\nC:\\Users\\ines\\pot.png', null],
  ['their list', 'copy\nfile:///1\nfile:///2', `file://${encodeURI(CUP)}\r\nfile://${POT}`],
  ['a list that pages may not read', 'two files', ''],
])('files that a file manager copied with %s are added', async (_, text, uris) => {
  await openWindow(host);
  await openThread(3);
  const paste = carrying('paste', [picture('a cup.png'), picture('pot.png')], text, uris);
  (await box()).dispatchEvent(paste);
  expect(paste.defaultPrevented).toBe(true);
  await waitFor(() =>
    expect(host.attached.map(({ name }) => name)).toEqual(['a cup.png', 'pot.png']),
  );
});

test('pictures alone can be sent, and nothing can be sent while one is being added', async () => {
  let added: (() => void) | undefined;
  const attach = host.attach.bind(host);
  host.attach = async (request, file) => {
    await new Promise<void>((resolve) => (added = resolve));
    return attach(request, file);
  };
  await openWindow(host);
  await openThread(3);
  (await box()).dispatchEvent(carrying('paste', [picture('one.png')]));
  await waitFor(() => expect(all('adding-file')).toHaveLength(1));
  expect(((await part('send')) as HTMLButtonElement).disabled).toBe(true);
  added?.();
  await waitFor(() => expect(all('draft-file')).toHaveLength(1));
  await press('send');
  await waitFor(() =>
    expect(host.asked('sendReply')[0]).toMatchObject({ text: '', files: ['f.1'] }),
  );
});

test('what cannot be sent is said where it would stand, and the others are added', async () => {
  openWith({ takes: { types: ['image/png'], mostBytes: 5_000, most: 10 } });
  const takes = host.takesFile;
  host.takesFile = (file) => {
    if (file.name === 'all.zip')
      throw refuse('sendRefused', 'Instagram does not take this format.', 'Attach a PDF.');
    return takes(file);
  };
  await openWindow(host);
  await openThread(3);
  expect(((await part('file-chooser')) as HTMLInputElement).accept).toBe('image/png');
  const files = [picture('large.png', 6_000), picture('all.zip'), picture('small.png')];
  (await part('thread')).dispatchEvent(carrying('drop', files));
  await waitFor(() => expect(all('draft-file')).toHaveLength(1));
  const words = all('file-refused').map((one) => one.textContent);
  expect(words[0]).toContain('large.png');
  expect(words[0]).toContain('5 kB');
  expect(words[1]).toContain('Attach a PDF.');
  await press('dismiss-file');
  expect(all('file-refused')).toHaveLength(1);
});

test('the files of a saved draft are there, by their names, and can be taken out with the keyboard', async () => {
  const long = `${'a very long name of a picture '.repeat(8)}.png`;
  openWith({ files: [drafted('f.1', long), drafted('f.2', 'two.png')], draft: 'Look:' });
  await openWindow(host);
  await openThread(3);
  await waitFor(() => expect(all('draft-file')).toHaveLength(2));
  const [first] = all('remove-file');
  expect(first?.getAttribute('aria-label')).toContain(long);
  first?.focus();
  first?.click();
  await waitFor(() => expect(host.asked('removeFile')).toEqual([{ thread: 3, file: 'f.1' }]));
  await waitFor(() => expect(document.activeElement).toBe(all('remove-file')[0]));
  all('remove-file')[0]?.click();
  await waitFor(async () => expect(document.activeElement).toBe(await box()));
});

test('a key opens the dialog for files', async () => {
  await openWindow(host);
  await openThread(3);
  let clicked = 0;
  (await part('file-chooser')).addEventListener('click', () => (clicked += 1));
  await key(await box(), 'a', { altKey: true });
  expect(clicked).toBe(1);
});

test('an upload says how far it is, and what waits behind a refused part offers to leave without it', async () => {
  const part = (key: string, over: Parameters<typeof message>[0]) =>
    message({ author: 'me', mid: null, part: key, ...over });
  openWith({}, [
    part('p1', { key: 'a', text: 'Look:', state: 'sent' }),
    part('p2', {
      key: 'b',
      attachments: [{ is: 'media', media: drafted('f.1', 'one.png') }],
      state: 'refused',
      stateWords: { what: 'The file could not be uploaded to Meta.', action: 'Attach it again.' },
      acts: ['sendAgain', 'takeBack'],
    }),
    part('p3', {
      key: 'c',
      attachments: [{ is: 'media', media: drafted('f.2', 'two.png') }],
      state: 'waiting',
      stateWords: { what: 'This waits.', action: '' },
      acts: ['sendRest', 'takeBack'],
    }),
    part('p4', {
      key: 'd',
      attachments: [{ is: 'media', media: drafted('f.3', 'three.png') }],
      state: 'waiting',
      stateWords: { what: 'The file is on its way to Meta.', action: '' },
      uploaded: 40,
      acts: ['takeBack'],
    }),
  ]);
  await openWindow(host);
  await openThread(3);
  expect(await said('upload')).toBeDefined();
  expect(document.querySelector('progress')?.getAttribute('value')).toBe('40');
  expect(all('message-words').some((one) => one.textContent?.includes('40 %'))).toBe(true);
  await press('send-rest');
  await waitFor(() =>
    expect(host.asked('sendRest')).toEqual([
      { part: 'p3', seen: { version: 4, wordSeq: 31 }, despiteUnknown: false },
    ]),
  );
});
