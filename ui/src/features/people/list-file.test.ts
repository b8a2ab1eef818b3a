import { expect, test } from 'vitest';
import { MOST, readList } from './list-file';

const bytes = (...numbers: number[]) => new Blob([new Uint8Array(numbers)]);
const utf16 = (text: string, little: boolean) => {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  view.setUint16(0, 0xfeff, little);
  [...text].forEach((letter, at) => view.setUint16(2 + at * 2, letter.charCodeAt(0), little));
  return new Blob([view.buffer]);
};

test.each<[string, Blob, Awaited<ReturnType<typeof readList>>]>([
  ['plain text', new Blob(['name,role\nZoë,agent']), { text: 'name,role\nZoë,agent' }],
  ['with a mark before it', new Blob(['\ufeffname']), { text: 'name' }],
  ['as some spreadsheets write', utf16('Zoë', true), { text: 'Zoë' }],
  ['the other way round', utf16('Zoë', false), { text: 'Zoë' }],
  ['empty', new Blob([]), { text: '' }],
  ['in an old encoding', bytes(0x5a, 0x6f, 0xeb, 0x2c), { fault: 'notText' }],
  ['a picture', bytes(0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8), { fault: 'notText' }],
  ['too much', new Blob(['x'.repeat(MOST + 1)]), { fault: 'tooLarge' }],
])('%s', async (_, file, read) => {
  expect(await readList(file)).toEqual(read);
});

test('a file that went away meanwhile', async () => {
  const file = { size: 3, arrayBuffer: () => Promise.reject(new Error('gone')) };
  expect(await readList(file as unknown as Blob)).toEqual({ fault: 'notRead' });
});
