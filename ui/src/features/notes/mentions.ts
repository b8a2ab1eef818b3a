/**
 * Whom a private note mentions. A mention is a name after an @, as the list of colleagues puts it there; the note carries who
 * that is beside its text. Pure.
 */
import type { Member, MentionView } from '$lib/contract';

/** How many are offered at once. */
const MOST = 50;

const fold = (text: string) => text.normalize('NFC').toLocaleLowerCase();

/** Colleagues by the beginning of any of their names; whoever writes is none. */
export function findPeople(members: Member[], typed: string, supervisorsOnly: boolean): Member[] {
  const begins = fold(typed);
  const fits = ({ me, name, role }: Member) => {
    if (me || (supervisorsOnly && role === 'agent')) return false;
    const whole = fold(name);
    return whole.startsWith(begins) || whole.split(/\s+/).some((one) => one.startsWith(begins));
  };
  return members.filter(fits).slice(0, MOST);
}

/** A stretch of a note: words, or a mention with whose it is. */
export type Piece<T> = { text: string; of: T | null };

/** Where letters go on, a name goes on too: "@Ada" is not in "@Adam". */
const GOES_ON = /^[\p{L}\p{N}]/u;

/** The text, cut where it names somebody after an @; the longest name counts. */
export function pieces<T extends { name: string }>(text: string, people: T[]): Piece<T>[] {
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length);
  const found: Piece<T>[] = [];
  let words = '';
  for (let at = 0; at < text.length;) {
    const named = text[at] === '@' ? byLength.find(({ name }) => stands(text, at + 1, name)) : null;
    if (named) {
      if (words !== '') found.push({ text: words, of: null });
      words = '';
      const end = at + 1 + named.name.length;
      found.push({ text: text.slice(at, end), of: named });
      at = end;
    } else {
      words += text[at];
      at += 1;
    }
  }
  if (words !== '') found.push({ text: words, of: null });
  return found;
}

function stands(text: string, at: number, name: string): boolean {
  const end = at + name.length;
  return name !== '' && fold(text.slice(at, end)) === fold(name) && !GOES_ON.test(text.slice(end));
}

/** The ids of those whom a text names; of two of one name both are meant. */
export function mentioned(text: string, members: Member[]): string[] {
  const names = new Set(
    pieces(text, members).flatMap(({ of }) => (of === null ? [] : [fold(of.name)])),
  );
  return members.filter(({ name, me }) => !me && names.has(fold(name))).map(({ agent }) => agent);
}

/** Who is meant and is not named in the text any more: called otherwise since, or erased from it. */
export function unnamed(text: string, mentions: MentionView[]): MentionView[] {
  const names = new Set(pieces(text, mentions).map(({ of }) => of?.name));
  return mentions.filter(({ name }) => !names.has(name));
}
