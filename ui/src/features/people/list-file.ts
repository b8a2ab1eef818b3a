/** Reads a list of people that somebody chose. Spreadsheets write UTF-8, and some UTF-16; anything else is said to be wrong. */

/** More than this is no list of people: bytes. */
export const MOST = 1_000_000;

export type ListFile = { text: string } | { fault: 'notText' | 'tooLarge' | 'notRead' };

export async function readList(file: Blob): Promise<ListFile> {
  if (file.size > MOST) return { fault: 'tooLarge' };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { fault: 'notRead' };
  }
  try {
    return { text: new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'notText' };
  }
}

/** As its first bytes say, which decoding takes away. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
