/** A desk in which something can be found: a few hits, of which those are given that have the words. */
import type { SearchHit, SnippetPiece, ThreadRow } from '$lib/contract';
import type { FakeHost } from './fake-host';
import { DAY, HOUR, NOW } from './people';
import { message } from './said';

export const hit = (over: Partial<SearchHit> & { at: string; text: string }): SearchHit => {
  const { text, ...rest } = over;
  return {
    thread: 3,
    customer: '7100000000000003',
    name: 'Paula Rentsch',
    channel: 'messenger',
    accountName: 'Northwind Tea',
    author: 'customer',
    authorName: 'Paula Rentsch',
    atMs: NOW - HOUR,
    pieces: [{ text, found: false }],
    cutBefore: false,
    cutAfter: false,
    media: null,
    blurred: false,
    ...rest,
  };
};

export const hits: SearchHit[] = [
  hit({ at: 'm90', text: 'The refund for the second teapot has not come yet.' }),
  hit({
    at: 'm80',
    text: 'Your refund is on its way; it takes two days.',
    author: 'me',
    authorName: 'Ines Kremer',
    atMs: NOW - 3 * HOUR,
  }),
  hit({
    at: 'x1',
    thread: 4,
    customer: '7100000000000004',
    name: 'Tomasz Wilk',
    author: 'app',
    authorName: 'Teabot',
    text: 'I can help with an order, a refund or a question about our teas. Which is it, and what is the number of your order?',
    cutAfter: true,
    atMs: NOW - 2 * DAY,
  }),
  hit({
    at: 'x2',
    thread: 2,
    customer: '7100000000000002',
    name: 'ayumi.tea',
    channel: 'instagram',
    accountName: '@northwindtea',
    text: '東京タワーの近くの店で返金（refund）できますか？',
    atMs: NOW - 40 * DAY,
  }),
];

/** The text with what was looked for marked, as the desk marks it. */
function marked(text: string, words: string[]): SnippetPiece[] {
  const pattern = new RegExp(`(${words.join('|')})`, 'iu');
  return text
    .split(pattern)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, found: pattern.test(piece) }));
}

/** How many customers stand above the messages before more are asked for. */
const NAMES = 6;
/** Inside a thread hits are counted up to here. */
const COUNTED = 1_000;

function called(host: FakeHost, typed: string): ThreadRow[] {
  const words = typed.toLowerCase().split(/\s+/u).filter(Boolean);
  return host.rows.filter((row) => words.every((word) => row.name.toLowerCase().includes(word)));
}

export function searchable(host: FakeHost, all: SearchHit[] = hits): void {
  host.answers.search = ({ typed, thread, before, limit }) => {
    const nothing = {
      names: [],
      namesNext: null,
      namesCount: null,
      hits: [],
      next: null,
      count: null,
      countsOn: false,
      problem: null,
      indexing: false,
    };
    const wrong = /has:(\w+)\s/.exec(typed)?.[1];
    if (wrong && wrong !== 'image')
      return {
        ...nothing,
        problem: {
          what: `has: does not know “${wrong}”.`,
          action: 'It can be attachment, image, video, audio, file, link, location or sticker.',
        },
      };
    const words = typed.toLowerCase().split(/\s+/u).filter(Boolean);
    const text = (one: SearchHit) => one.pieces.map((piece) => piece.text).join('');
    const fit = all
      .filter((one) => thread === null || one.thread === thread)
      .filter((one) => words.every((word) => text(one).toLowerCase().includes(word)))
      .map((one) => ({ ...one, pieces: marked(text(one), words) }));
    const from = before === null ? 0 : Number(before);
    const names = thread === null && before === null ? called(host, typed) : [];
    return {
      ...nothing,
      names: names.slice(0, NAMES),
      namesNext: names.length > NAMES ? String(NAMES) : null,
      namesCount: thread === null && before === null ? names.length : null,
      hits: fit.slice(from, from + limit),
      next: from + limit < fit.length ? String(from + limit) : null,
      count: thread === null || before !== null ? null : Math.min(fit.length, COUNTED),
      countsOn: thread !== null && before === null && fit.length > COUNTED,
    };
  };
  host.answers.searchPeople = ({ typed, after, limit }) => {
    const end = Number(after) + limit;
    const people = called(host, typed);
    return {
      people: people.slice(Number(after), end),
      next: end < people.length ? String(end) : null,
    };
  };
  let more = 0;
  host.answers.newerItems = ({ after }) => {
    more += 1;
    // Without a layout the page would read on for ever: the rest never comes.
    if (more > 12) return new Promise(() => {});
    const items = [
      message({ key: `more-${more}`, text: 'And so on', atMs: NOW - 80 * DAY + more }),
    ];
    return { items, older: null, newer: after, key: null, keyMs: null };
  };
  host.answers.itemsAround = ({ at }) => ({
    items: [
      message({ key: `before-${at}`, text: 'What stands before it', atMs: NOW - 90 * DAY }),
      message({ key: `m:${at}`, text: `Found at ${at}`, atMs: NOW - 90 * DAY + 1 }),
      message({ key: `after-${at}`, text: 'What stands after it', atMs: NOW - 90 * DAY + 2 }),
    ],
    older: 'older',
    newer: 'newer',
    key: `m:${at}`,
    keyMs: NOW - 90 * DAY + 1,
  });
}
