/** Message texts: how long Meta counts them, what in them is an address, whether they are emoji only. */
import type { TextLimit } from '$lib/contract';

const encoder = new TextEncoder();

/** The length in the limit's unit. Characters are UTF-16 units, as the host counts them: most emoji are two. */
export function lengthIn(unit: TextLimit['unit'], text: string): number {
  return unit === 'bytes' ? encoder.encode(text).length : text.length;
}

export type Piece = { kind: 'text' | 'address'; text: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)\]}]/giu;

/** The text cut into plain pieces and web addresses, in order, nothing lost. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    found.push({ kind: 'address', text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

/** The host of an address, for people; the address itself when it is none. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** How much of a file's name is shown, in the width of a Latin letter: two lines of a tile. */
const NAME_WIDTH = 48;
/** How much of that is its end, which has the ending and often a number. */
const END_WIDTH = 14;
const WIDE =
  /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;

const widthOf = (sign: string) => (WIDE.test(sign) ? 2 : 1);

/** As many signs as fit. */
function fitting(signs: string[], most: number): string[] {
  let width = 0;
  const end = signs.findIndex((sign) => (width += widthOf(sign)) > most);
  return end < 0 ? signs : signs.slice(0, end);
}

/** The name of a file without its middle where it is too long, so that its ending can be read. */
export function shortFileName(name: string): string {
  const signs = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)].map(
    ({ segment }) => segment,
  );
  if (fitting(signs, NAME_WIDTH).length === signs.length) return name;
  const begin = fitting(signs, NAME_WIDTH - END_WIDTH - 1);
  const end = fitting([...signs].reverse(), END_WIDTH).reverse();
  return `${begin.join('')}…${end.join('')}`;
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u;

/** True for up to three emoji and nothing else. */
export function isEmojiOnly(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '' || !EMOJI_ONLY.test(trimmed)) return false;
  const seen = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(trimmed)];
  return seen.filter(({ segment }) => segment.trim() !== '').length <= 3;
}
