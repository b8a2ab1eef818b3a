/** What was said in threads, and what may be sent there: every state the page can show. */
import type {
  AccountStatus,
  AccountView,
  AlertsView,
  ComposerState,
  Item,
  MediaView,
  MessageView,
  NoteDraft,
  StatusLine,
  ThreadRow,
  ThreadView,
} from '$lib/contract';
import { DAY, HOUR, kite, MINUTE, northwind, NOW } from './people';

export const message = (over: Partial<MessageView> & { key: string }): Item => ({
  item: 'message',
  message: {
    place: null,
    mid: `m_${over.key}`,
    part: null,
    elsewhere: false,
    acts: [],
    help: null,
    author: 'customer',
    authorName: 'Tomasz Wilk',
    text: '',
    attachments: [],
    atMs: NOW,
    state: null,
    stateWords: null,
    sentAgainMs: null,
    uploaded: null,
    late: false,
    unchecked: false,
    crossed: null,
    reactions: [],
    replyTo: null,
    story: null,
    came: null,
    pressed: null,
    offered: [],
    edited: false,
    earlier: [],
    unsent: false,
    unknown: false,
    standby: false,
    foundLate: false,
    fromMetaMs: null,
    ...over,
  },
});

type Note = Extract<Item, { item: 'note' }>;

/** A private note of Jonas's. */
export const note = (over: Partial<Note> & { key: string }): Note => ({
  item: 'note',
  atMs: NOW,
  note: `n_${over.key}`,
  by: 'Jonas',
  text: '',
  mentions: [],
  supervisorsOnly: false,
  pending: false,
  mayRemove: false,
  ...over,
});

export const media = (over: Partial<MediaView> = {}): MediaView => ({
  id: 'a.1.0',
  kind: 'image',
  title: '',
  state: 'atMeta',
  bytes: null,
  fleeting: false,
  emoji: null,
  content: null,
  ...over,
});

const square = { is: 'picture' as const, width: 96, height: 96, moves: false };
const tall = { is: 'picture' as const, width: 900, height: 1600, moves: false };

/** A picture that is on this desk. */
export const picture = (id: string, over: Partial<MediaView> = {}): MediaView =>
  media({
    id,
    state: 'here',
    bytes: 184_300,
    content: { is: 'picture', width: 1600, height: 1200, moves: false },
    ...over,
  });

const hung = (media: MediaView) => ({ is: 'media' as const, media });

/** Everything that can be sent, and everything that can become of it. */
export const mediaItems: Item[] = [
  message({ key: 'a', attachments: [hung(picture('a.1.0'))], atMs: NOW - 30 * MINUTE }),
  message({
    key: 'b',
    attachments: ['a.2.0', 'a.2.1', 'a.2.2'].map((id) => hung(picture(id))),
    text: 'These three',
    atMs: NOW - 29 * MINUTE,
  }),
  message({
    key: 'c',
    attachments: [
      hung(picture('a.3.0', { content: { is: 'picture', width: 300, height: 500, moves: true } })),
    ],
    atMs: NOW - 28 * MINUTE,
  }),
  message({
    key: 'd',
    attachments: [hung(picture('a.4.0', { kind: 'sticker', content: square }))],
    atMs: NOW - 27 * MINUTE,
  }),
  message({
    key: 'e',
    attachments: [
      hung(
        media({
          id: 'a.5.0',
          kind: 'audio',
          state: 'here',
          bytes: 17_790,
          content: { is: 'played' },
        }),
      ),
    ],
    atMs: NOW - 26 * MINUTE,
  }),
  message({
    key: 'f',
    attachments: [
      hung(
        media({
          id: 'a.6.0',
          kind: 'video',
          state: 'here',
          bytes: 2_433_310,
          content: { is: 'played' },
        }),
      ),
    ],
    atMs: NOW - 25 * MINUTE,
  }),
  message({
    key: 'g',
    attachments: [
      hung(
        media({
          id: 'a.7.0',
          kind: 'file',
          title: 'order 4412, second box.pdf',
          state: 'here',
          bytes: 84_120,
          content: { is: 'document' },
        }),
      ),
      hung(
        media({
          id: 'a.8.0',
          kind: 'file',
          title: 'list.xlsx',
          state: 'here',
          bytes: 9_120,
          content: { is: 'other' },
        }),
      ),
    ],
    atMs: NOW - 24 * MINUTE,
  }),
  message({
    key: 'h',
    attachments: [
      hung(media({ id: 'a.9.0' })),
      { is: 'place', title: 'Shop', lat: 52.52, long: 13.405 },
    ],
    atMs: NOW - 10 * MINUTE,
  }),
  message({ key: 'i', attachments: [hung(media({ id: 'a.10.0' }))], atMs: NOW - 9 * MINUTE }),
  message({
    key: 'j',
    attachments: [hung(media({ id: 'a.11.0', kind: 'video', state: 'large' }))],
    atMs: NOW - 8 * MINUTE,
  }),
  message({
    key: 'k',
    attachments: [
      { is: 'storyMention', media: picture('a.12.0', { fleeting: true, content: tall }) },
    ],
    atMs: NOW - 7 * MINUTE,
  }),
];

const mine = { author: 'me', authorName: 'Ines' } as const;
const bot = { author: 'app', authorName: 'Teabot' } as const;

/** A thread that shows everything at once. */
export const tomaszItems: Item[] = [
  message({ key: 'a', text: 'Do you sell the autumn box again this year?', atMs: NOW - 18 * DAY }),
  message({
    key: 'b',
    ...bot,
    text: 'Yes, from October on: https://northwind.example/autumn-box?size=small',
    atMs: NOW - 18 * DAY + 2 * MINUTE,
  }),
  message({ key: 'c', text: 'My parcel is late', atMs: NOW - 15 * MINUTE }),
  message({
    key: 'd',
    ...bot,
    text: 'Hello! I can track a parcel or change an order.',
    atMs: NOW - 15 * MINUTE + 4_000,
  }),
  message({ key: 'e', text: 'I want a person please', atMs: NOW - 13 * MINUTE }),
  {
    item: 'handover',
    key: 'f',
    atMs: NOW - 12 * MINUTE,
    line: 'Teabot passed this thread to Baton',
    note: 'Order 4412, parcel late since Friday. Customer asked twice. Language: English.',
    owner: 'ours',
  },
  { item: 'team', key: 'g', atMs: NOW - 11 * MINUTE, line: 'Ines took this thread' },
  message({
    key: 'h',
    ...mine,
    state: 'seen',
    text: 'Hello Tomasz, I am looking into parcel 4412 now.',
    atMs: NOW - 10 * MINUTE,
  }),
  message({
    key: 'i',
    ...mine,
    state: 'seen',
    text: 'The courier comes on Thursday between 9 and 12. Does that suit you?',
    atMs: NOW - 10 * MINUTE + 20_000,
  }),
  note({
    key: 'j',
    atMs: NOW - 9 * MINUTE,
    text: 'Warehouse says the second box left too, no need to open a claim. @Ines',
    mentions: [{ name: 'Ines', me: true }],
  }),
  message({
    key: 'k',
    attachments: [{ is: 'media', media: media({ title: 'door.jpg' }) }],
    atMs: NOW - 3 * MINUTE,
  }),
  message({
    key: 'l',
    text: 'Thursday is fine 👍 can they ring the neighbour?',
    reactions: [{ emoji: '❤️', byCustomer: false, pending: false }],
    atMs: NOW - 2 * MINUTE,
  }),
  message({
    key: 'm',
    ...mine,
    part: 'part-1',
    acts: ['sendAgain', 'giveUp'],
    mid: null,
    state: 'unknown',
    text: 'Yes, I have put a note on the parcel.',
    stateWords: {
      what: 'The answer was cut off.',
      action: 'Baton asks Meta whether it arrived; nothing is sent twice.',
    },
    atMs: NOW - MINUTE,
  }),
];

/** Every rarer state of a message. */
export const oddItems: Item[] = [
  message({ key: 'a', text: 'Supercalifragilisticexpialidocious'.repeat(5), atMs: NOW - 2 * HOUR }),
  message({ key: 'b', text: '👍🏽', atMs: NOW - 2 * HOUR + 1_000 }),
  message({ key: 'c', unsent: true, atMs: NOW - 2 * HOUR + 2_000 }),
  message({ key: 'd', unknown: true, atMs: NOW - 2 * HOUR + 3_000 }),
  message({
    key: 'e',
    text: 'مرحبا، أين طلبي؟',
    edited: true,
    earlier: [{ text: 'أين طلبي؟', atMs: NOW - HOUR - MINUTE }],
    atMs: NOW - HOUR,
  }),
  message({
    key: 'f',
    author: 'inbox',
    authorName: 'Page Inbox',
    text: 'We look into it.',
    atMs: NOW - 50 * MINUTE,
  }),
  message({
    key: 'g',
    author: 'colleague',
    authorName: 'Jonas',
    state: 'delivered',
    text: 'Jonas here, one moment.',
    replyTo: {
      key: 'e',
      place: null,
      authorName: 'Dana Whitaker',
      what: 'text',
      text: 'Where is my order?',
    },
    atMs: NOW - 40 * MINUTE,
  }),
  message({
    key: 'h',
    ...mine,
    state: 'refused',
    part: 'part-2',
    acts: ['sendAgain', 'takeBack'],
    text: 'It left on Monday.',
    stateWords: {
      what: 'Meta refused this reply: another app holds the thread.',
      action: 'Take control of the thread and send it again.',
    },
    atMs: NOW - 30 * MINUTE,
  }),
  message({
    key: 'i',
    ...mine,
    state: 'sent',
    late: true,
    text: 'Sorry for the wait, it arrives today.',
    atMs: NOW - 20 * MINUTE,
  }),
  message({
    key: 'j',
    ...mine,
    state: 'waiting',
    part: 'part-3',
    acts: ['takeBack'],
    text: 'Anything else?',
    stateWords: {
      what: 'This desk is offline.',
      action: 'It leaves as soon as the relay answers.',
    },
    atMs: NOW - 10 * MINUTE,
  }),
  message({
    key: 'k',
    ...mine,
    state: 'sending',
    part: 'part-4',
    mid: null,
    text: 'I am here until six.',
    atMs: NOW - MINUTE,
  }),
];

/** Nothing is written as a note. */
export const noNote: NoteDraft = { text: '', supervisorsOnly: false, words: null, max: 5000 };

export const composer = (over: Partial<ComposerState> = {}): ComposerState => ({
  verdict: 'plain',
  freeUntilMs: NOW + DAY - 2 * MINUTE,
  lateUntilMs: NOW + 7 * DAY - 2 * MINUTE,
  send: 'send',
  words: null,
  blocked: false,
  forAnother: false,
  acts: ['passToDefault', 'passToInbox', 'passToApp', 'release'],
  passTo: [{ app: '700999', name: 'Parcel helper' }],
  noteMax: 999,
  controlSetting: 'https://www.facebook.com/settings?tab=msgr_conversation_routing',
  limit: { max: 2000, unit: 'characters' },
  draft: '',
  files: [],
  takes: { types: [], mostBytes: 25_000_000, most: 10 },
  draftWords: null,
  seen: { version: 4, wordSeq: 31 },
  note: noNote,
  ...over,
});

const fewItems = (one: ThreadRow): Item[] => [
  message({ key: `${one.thread}-1`, authorName: one.name, text: one.preview, atMs: one.lastMs }),
];

function composerOf(one: ThreadRow): ComposerState {
  if (one.block !== 'no')
    return composer({
      send: 'blocked',
      blocked: true,
      words: {
        what: 'This customer is blocked, so nothing can be sent and nothing arrives.',
        action: 'Supervisors and admins unblock customers, in the details beside the thread.',
      },
    });
  if (one.owner.owner === 'other')
    return composer({
      send: 'takeAndSend',
      acts: ['take', 'request'],
      words: { what: 'Teabot is answering here.', action: 'Sending takes the thread over first.' },
    });
  if (one.thread === 8)
    return composer({
      verdict: 'refused',
      send: 'blocked',
      acts: ['take'],
      freeUntilMs: one.freeUntilMs,
      lateUntilMs: one.lateUntilMs,
      words: {
        what: 'The customer last wrote more than 7 days ago, so nothing may be sent.',
        action: 'You can answer as soon as the customer writes again.',
      },
    });
  if (one.owner.owner === 'idle')
    return composer({
      verdict: 'humanAgent',
      send: 'takeAndSend',
      acts: ['take'],
      freeUntilMs: one.freeUntilMs,
      lateUntilMs: one.lateUntilMs,
    });
  if (one.owner.owner === 'unmanaged')
    return composer({
      lateUntilMs: null,
      freeUntilMs: one.freeUntilMs,
      acts: [],
      words: { what: 'Any connected app may answer here.', action: '' },
    });
  if (one.thread === 5)
    return composer({
      draft: one.draft ?? '',
      draftWords: {
        what: 'This reply did not leave: the customer wrote again first.',
        action: 'Read what is new, then send it.',
      },
    });
  return composer({ freeUntilMs: one.freeUntilMs, lateUntilMs: one.lateUntilMs });
}

export function threadView(one: ThreadRow, storeVersion: number): ThreadView {
  const items = one.thread === 4 ? tomaszItems : one.thread === 9 ? oddItems : fewItems(one);
  return {
    row: one,
    items,
    older: null,
    storeVersion,
    composer: composerOf(one),
    held: [
      { atMs: NOW - 12 * MINUTE, who: 'Baton', how: 'passed by Teabot' },
      { atMs: NOW - 14 * MINUTE, who: 'Teabot', how: 'new message' },
      { atMs: NOW - 18 * DAY, who: 'Nobody', how: '24 h without a message' },
      { atMs: NOW - 19 * DAY, who: 'Page Inbox', how: 'taken on a phone' },
    ],
    firstUnread: one.thread === 4 ? 'k' : null,
    firstUnreadAt: one.thread === 4 ? 'k' : null,
    renaming: null,
    blocking: null,
    answering: null,
    offering: [],
    offerLimit: { most: 13, chars: 20 },
    reactions: ['❤️', '😆', '😮', '😢', '😠', '👍', '👎'],
    mayBlock: true,
    olderWithheld: false,
    stranger: false,
    handed: null,
    fromMetaMs: null,
  };
}

export const accountStatus = ({
  id,
  name,
  channel,
  connected,
  lastWebhookMs,
  history,
}: AccountView): AccountStatus => ({
  account: id,
  name,
  channel,
  connected,
  lastWebhookMs,
  lacks: 0,
  lacked: 0,
  history,
});

export const status = (over: Partial<StatusLine> = {}): StatusLine => ({
  meta: {
    health: 'good',
    short: 'Meta ok',
    words: { what: 'Meta answers within 0.3 s.', action: '' },
  },
  relay: {
    health: 'good',
    short: 'Relay ok',
    words: {
      what: 'This desk is connected to the relay: what arrives there is shown here at once.',
      action: '',
    },
  },
  desk: {
    health: 'good',
    short: 'This desk up to date',
    words: { what: 'Everything the relay has is on this desk.', action: '' },
  },
  repliesWaiting: 0,
  sentAgainMs: null,
  repliesUnknown: 1,
  repliesChecking: 1,
  nowMs: NOW,
  nowDoubtful: false,
  history: null,
  accounts: [northwind, kite].map(accountStatus),
  waitingForMe: 4,
  lapsing: [],
  notSent: [],
  setbacks: [],
  ...over,
});

/** What an agent is told of when nothing was chosen, on a desktop that has everything. */
export function alertsView(over: Partial<AlertsView> = {}): AlertsView {
  const both = { popup: true, sound: true };
  return {
    settings: {
      message: both,
      assigned: both,
      mention: both,
      shutting: both,
      hideText: false,
      volume: 60,
      farMinutes: 120,
      nearMinutes: 30,
      tray: true,
      keepInTray: false,
    },
    quiet: { quiet: 'off' },
    desktop: { shows: true, words: { what: '', action: '' }, tray: true },
    mostMinutes: 1380,
    ...over,
  };
}
