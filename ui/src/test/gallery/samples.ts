/**
 * The kinds and states that no documented webhook alone brings, and texts that try the layout. Each kind of the contract
 * has its line in a record, so that a new one cannot be forgotten: the types do not hold without it.
 */
import type {
  AttachmentView,
  CameByView,
  CameView,
  HappenedView,
  HiddenWhy,
  Item,
  MediaContent,
  MediaKind,
  MediaState,
  MessageView,
  PressedView,
  SendState,
  ThreadRow,
} from '$lib/contract';
import { HOUR, idle, MINUTE, NOW, row, teabot } from '../people';
import { media, message, note } from '../said';
import type { Frame } from './frames';

const mine = { author: 'me', authorName: 'Ines', part: 'part-1' } as const;
const bot = { author: 'app', authorName: 'Teabot' } as const;
const mara: ThreadRow = row({ thread: 1, name: 'Mara Lindt' });

const LONG =
  'I ordered the large autumn box for my mother three weeks ago, the one with the blue pot, and until today nothing has arrived, not even a message from the courier. '.repeat(
    3,
  );
const WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(3);
const ARABIC = 'مرحبا، أين طلبي؟ رقم الطلب ٤٤١٢ وقد مرّ أسبوع كامل.';
const JAPANESE = 'すみません、注文した急須がまだ届いていません。いつ頃届きますか？';

/** So many seconds after the start of the frame. */
const at = (second: number) => ({ atMs: NOW - HOUR + second * 1000 });

const said = (key: string, second: number, over: Partial<MessageView>): Item =>
  message({ key, authorName: 'Mara Lindt', ...at(second), ...over });

/** With the words of crates/core/src/outbox/words.rs and crates/messenger/src/error/words.rs. */
const sends: Record<SendState, Partial<MessageView>> = {
  held: {},
  queued: {},
  waiting: {
    stateWords: {
      what: 'This reply waits until the relay answers.',
      action:
        'It leaves by itself then. It comes back instead where Meta shows that the customer has written, or where it may no longer be sent.',
    },
  },
  sending: {},
  sent: {},
  delivered: {},
  seen: {},
  refused: {
    stateWords: {
      what: 'The customer cannot be reached now. They may have blocked the account or left.',
      action: 'Wait until the customer writes again.',
    },
  },
  aside: {
    stateWords: {
      what: 'You put this reply aside, it was not sent. The customer cannot be reached now.',
      action: 'You can still send it again, or take it back into the composer.',
    },
  },
  unknown: {
    stateWords: {
      what: 'It is not certain whether this reply arrived. Baton is finding out.',
      action: 'Wait a little. It is not sent again by itself.',
    },
  },
  abandoned: {
    stateWords: {
      what: 'This reply was closed without knowing whether it arrived.',
      action: 'If a proof comes, it is shown here.',
    },
  },
};

const hidden: Record<HiddenWhy, string> = {
  disappearing: '',
  empty: 'This content is not available',
  unknown: 'poll',
};

const pressed: Record<PressedView, string> = {
  quickReply: 'Track my order',
  button: 'Talk to a person',
  command: '/opening hours',
};

/** No webhook's medium has such a number, so that each is shown as what it is. */
const own = (id: string) => `sample.${id}`;

/** The sample that shows how it looks while Meta has not answered yet. */
export const isOnItsWay = (id: string) => id === own('w.atMeta');

/** What a medium of the samples turns out to be when it is asked for; null for media that are no samples. */
export function sampled(id: string): MediaContent | null {
  const picture: MediaContent = { is: 'picture', width: 1600, height: 1200, moves: false };
  const kinds: Record<string, MediaContent> = {
    'm.image': picture,
    'm.sticker': { ...picture, width: 480, height: 480 },
    'm.video': { is: 'played' },
    'm.audio': { is: 'played' },
    'm.file': { is: 'document' },
    'c.1': picture,
    'ad.1': picture,
    'st.1': { ...picture, width: 1080, height: 1920 },
    's.1': { is: 'played' },
    's.2': picture,
    photo: picture,
    tall: { ...picture, width: 900, height: 1600 },
  };
  return id.startsWith(own('')) ? (kinds[id.slice(own('').length)] ?? null) : null;
}

const cards: AttachmentView = {
  is: 'cards',
  cards: [
    {
      title: 'Autumn box, large',
      text: 'Six teas, one blue pot',
      media: media({ id: own('c.1') }),
      address: 'https://northwind.example/autumn-box',
      buttons: [
        { title: 'Open shop', does: 'opens', address: 'https://northwind.example/' },
        { title: 'Ask about it', does: 'answers', address: null },
        { title: 'Call us', does: 'calls', address: 'tel:+493012345' },
      ],
    },
    { title: WORD.slice(0, 80), text: LONG.slice(0, 80), media: null, address: null, buttons: [] },
    {
      title: 'علبة الشاي الكبيرة',
      text: 'ستة أنواع من الشاي',
      media: media({ id: own('c.3'), state: 'missing' }),
      address: null,
      buttons: [{ title: 'اسأل', does: 'answers', address: null }],
    },
  ],
};

const euro = (amount: number) => ({ amount, currency: 'EUR' });
const bought = {
  title: 'Blue kettle 1.7 l',
  text: 'Enamel',
  quantity: 2,
  price: euro(78),
};

const attachments: Record<AttachmentView['is'], AttachmentView> = {
  media: { is: 'media', media: media({ id: own('photo') }) },
  link: {
    is: 'link',
    title: 'Autumn box',
    address: 'https://northwind.example/autumn-box?size=large&colour=blue',
  },
  place: { is: 'place', title: 'Quay 9', lat: 52.52, long: 13.405 },
  cards,
  receipt: {
    is: 'receipt',
    receipt: {
      number: 'FX-1001',
      recipient: 'Mara Lindt',
      payment: 'Visa 1234',
      orderedMs: NOW - 30 * HOUR,
      shippedTo: ['Mara Lindt', 'Quay 9', '20457 Hamburg', 'Germany'],
      lines: [bought, { title: WORD, text: '', quantity: 1, price: euro(1249.5) }],
      sums: [
        { what: 'subtotal', title: '', amount: euro(1327.5) },
        { what: 'shipping', title: '', amount: euro(4.9) },
        { what: 'tax', title: '', amount: euro(212.74) },
        { what: 'adjustment', title: 'Welcome back', amount: euro(-10) },
        { what: 'total', title: '', amount: euro(1535.14) },
      ],
      address: 'https://northwind.example/orders/FX-1001',
    },
  },
  order: { is: 'order', lines: [bought, { ...bought, title: 'شاي أخضر', quantity: null }] },
  shared: {
    is: 'shared',
    what: 'reel',
    title: 'How we pack parcels so that nothing breaks on the way to you',
    address: null,
    media: media({ id: own('s.1'), kind: 'video' }),
  },
  storyMention: { is: 'storyMention', media: media({ id: own('s.2'), fleeting: true }) },
  appointment: {
    is: 'appointment',
    status: 'requested',
    startMs: NOW + 20 * HOUR,
    endMs: NOW + 21 * HOUR,
    zone: 'America/New_York',
  },
  hidden: { is: 'hidden', why: 'unknown', title: 'poll' },
};

const files: Record<MediaKind, string> = {
  image: 'door.jpg',
  video: 'unpacking.mp4',
  audio: '',
  file: `invoice-${WORD}.pdf`,
  sticker: '',
};

const whereabouts: Record<MediaState, string> = {
  here: 'invoice.pdf',
  atMeta: 'contract.pdf',
  later: 'plan.pdf',
  dead: 'old.pdf',
  large: 'film.mov',
  forbidden: 'elsewhere.pdf',
  missing: 'nothing.pdf',
  elsewhere: 'colleague.pdf',
  unheard: 'new.pdf',
};

const came: Record<CameByView, Partial<CameView>> = {
  ad: { title: 'Autumn kettles: 20 % off until Sunday', media: media({ id: own('ad.1') }) },
  leadForm: {
    title: 'Become a reseller',
    answers: [
      { question: 'Which city?', answer: 'Leipzig' },
      { question: 'How many shops do you run at the moment?', answer: LONG.slice(0, 160) },
    ],
  },
  link: { reference: 'qr-shop-door' },
  website: { reference: 'https://northwind.example/contact' },
  product: { title: 'Blue kettle', reference: 'SKU-KETTLE-BLUE' },
  other: {},
};
const cameBy = (by: CameByView): CameView => ({
  by,
  title: '',
  reference: '',
  media: null,
  answers: [],
  ...came[by],
});

const happened: Record<HappenedView['happened'], HappenedView[]> = {
  optedIn: [
    { happened: 'optedIn', title: 'News about your order', on: true },
    { happened: 'optedIn', title: '', on: false },
  ],
  came: Object.keys(came).map((by) => ({ happened: 'came', came: cameBy(by as CameByView) })),
  accountLinked: [
    { happened: 'accountLinked', linked: true },
    { happened: 'accountLinked', linked: false },
  ],
  feedback: [
    {
      happened: 'feedback',
      answers: [
        { question: 'csat', answer: '5' },
        { question: 'free_form', answer: LONG.slice(0, 180) },
      ],
    },
  ],
  thumb: [
    { happened: 'thumb', good: true },
    { happened: 'thumb', good: false },
  ],
  inboxLabel: [
    { happened: 'inboxLabel', name: 'VIP', on: true },
    { happened: 'inboxLabel', name: 'عميل مهم', on: false },
  ],
};

/** How a row says the last thing that was said. */
function lastOf(items: Item[]): Partial<ThreadRow> {
  const last = items.findLast((item) => item.item === 'message');
  if (!last) return {};
  const { author, authorName, text, atMs, unsent } = last.message;
  return {
    previewBy: author,
    previewName: author === 'customer' ? null : authorName,
    previewWhat: unsent ? 'unsent' : 'text',
    preview: text,
    lastMs: atMs,
  };
}

const frame = (name: string, items: Item[], over: Partial<ThreadRow> = {}): Frame => ({
  name,
  row: { ...mara, ...lastOf(items), ...over },
  items,
});

/** What a row may bear besides its words. */
const rowMarks: Record<string, Partial<ThreadRow>> = {
  refused: { outgoing: 'refused' },
  'not sure it was sent': { outgoing: 'unknown' },
  waiting: { outgoing: 'waiting' },
  sending: { outgoing: 'sending' },
  'a draft': { draft: 'Of course, I can change the date for you' },
  'not sent': { draft: 'It comes on Thursday, between nine and twelve', notSent: true },
  'little time, with another app': {
    owner: { ...teabot, appName: 'Another app of a long name' },
    freeUntilMs: NOW + 3 * HOUR,
    unread: 120,
  },
  'a late reply, held by nobody': { owner: idle, freeUntilMs: NOW - HOUR, unread: 2 },
  'too late, held by nobody': { owner: idle, freeUntilMs: NOW - HOUR, lateUntilMs: NOW - MINUTE },
  'by an app without a name': {
    previewBy: 'app',
    previewName: null,
    owner: idle,
    freeUntilMs: NOW - HOUR,
  },
  'labels, one on its way': {
    labels: [
      { id: 'l-late', name: 'parcel late since Friday', colour: '#b53073', state: 'on' },
      { id: 'l-vip', name: 'VIP', colour: '#cfa417', state: 'puttingOn' },
      { id: 'l-box', name: 'autumn box', colour: '#286ebd', state: 'on' },
    ],
    unread: 2,
  },
  asleep: { status: { status: 'snoozed', untilMs: NOW + 18 * HOUR } },
  Arabic: { previewBy: 'colleague', previewName: 'يونس كايا', preview: ARABIC, unread: 1 },
};

/** The thread of such a row: what was asked, and what is answered, where something is. */
function marked(name: string, over: Partial<ThreadRow>): Frame {
  const { outgoing, previewBy, previewName, preview } = over;
  const items = [said(`${name}-asked`, 0, { text: 'Where is my parcel?' })];
  const answer = 'I have put a note on the parcel.';
  if (outgoing) {
    const state = { ...mine, state: outgoing, text: answer, ...sends[outgoing] };
    items.push(said(`${name}-answered`, 1, state));
    return frame(`a row: ${name}`, items, { leaving: answer, leavingIs: outgoing, ...over });
  }
  if (previewBy === 'app' || previewBy === 'colleague') {
    const by = { author: previewBy, authorName: previewName ?? '' };
    items.push(said(`${name}-answered`, 1, { ...by, text: preview ?? 'Yes, it is on its way.' }));
  }
  return frame(`a row: ${name}`, items, over);
}

const each = <K extends string, T>(
  record: Record<K, T>,
  item: (key: K, one: T, at: number) => Item,
) => (Object.keys(record) as K[]).map((key, i) => item(key, record[key], i));

/** All of them. */
export function samples(): Frame[] {
  return [
    frame(
      'states of a reply',
      each(sends, (state, over, i) =>
        said(state, i * 200, { ...mine, state, text: `This one is ${state}.`, ...over }),
      ),
      { outgoing: 'refused', leaving: 'This one is abandoned.' },
    ),
    frame('a late reply, and one with reactions', [
      said('late', 1, {
        ...mine,
        state: 'seen',
        late: true,
        text: 'Sorry for the wait, it arrives today.',
      }),
      said('reacted', 2, {
        ...mine,
        state: 'seen',
        text: 'It is on its way.',
        reactions: [
          { emoji: '❤️', byCustomer: true, pending: false },
          { emoji: '👍🏽', byCustomer: false, pending: true },
        ],
      }),
    ]),
    frame('replies that crossed a word on their way', [
      said('crossed', 1, {
        ...mine,
        state: 'sent',
        text: 'It leaves today.',
        crossed: { by: 'customer', name: 'Tomasz Wilk' },
      }),
      said('crossed2', 2, {
        ...mine,
        state: 'sent',
        text: 'At five.',
        crossed: { by: 'inbox', name: 'Page Inbox' },
      }),
    ]),
    frame('texts', [
      said('t1', 0, { text: LONG }),
      said('t2', 1, { text: WORD }),
      said('t3', 2, { text: ARABIC }),
      said('t4', 3, { text: JAPANESE }),
      said('t5', 4, {
        text: `See https://northwind.example/orders/${'4412-'.repeat(30)} and call me\n\n- first\n- second`,
      }),
      said('t6', 5, { text: '👍🏽' }),
      said('t7', 6, { text: '❤️❤️❤️' }),
      said('t8', 7, { ...mine, state: 'sent', text: LONG }),
      said('t9', 8, { ...mine, state: 'seen', text: ARABIC }),
      said('t10', 9, { ...bot, text: WORD }),
      said('t11', 300, { author: 'inbox', authorName: 'Page Inbox', text: 'We look into it.' }),
      said('t12', 301, {
        author: 'colleague',
        authorName: 'Jonas',
        state: 'delivered',
        text: 'Jonas here, one moment.',
      }),
    ]),
    frame('taken back, edited, quoted', [
      said('u1', 0, { unsent: true }),
      said('u2', 1, { ...mine, unsent: true }),
      said('u3', 2, {
        text: 'Is the red kettle still in stock?',
        edited: true,
        earlier: [
          { atMs: NOW - HOUR, text: 'Is the blue kettle still in stock?' },
          { atMs: NOW - HOUR + MINUTE, text: 'Is the green kettle still in stock?' },
        ],
      }),
      said('u4', 3, {
        text: 'And this?',
        replyTo: { key: 'u3', place: null, authorName: 'Mara Lindt', what: 'text', text: LONG },
      }),
      said('u5', 4, {
        text: 'That one',
        replyTo: {
          key: 'u3',
          place: null,
          authorName: 'Northwind Tea and more',
          what: 'image',
          text: '',
        },
      }),
      said('u5b', 5, {
        text: 'And that of yours',
        replyTo: { key: 'u2', place: null, authorName: '', what: 'text', text: 'Yes' },
      }),
      said('u6', 5, {
        text: 'This I mean',
        replyTo: { key: 'u1', place: null, authorName: 'Mara Lindt', what: 'unsent', text: '' },
      }),
      said('u7', 6, {
        text: 'And that',
        replyTo: { key: null, place: null, authorName: '', what: 'text', text: '' },
      }),
      said('u8', 7, {
        text: 'نعم',
        replyTo: { key: 'u3', place: null, authorName: 'سمير حداد', what: 'text', text: ARABIC },
      }),
      said('u9', 8, {
        text: 'Love this',
        story: { media: media({ id: own('st.1'), fleeting: true }) },
      }),
      said('u10', 9, { text: 'And this', story: { media: null } }),
      said('u11', 10, {
        ...mine,
        state: 'seen',
        text: 'A quote of ours',
        replyTo: {
          key: 'u3',
          place: null,
          authorName: 'Mara Lindt',
          what: 'text',
          text: 'Is it there?',
        },
      }),
    ]),
    frame('chosen, offered, pressed', [
      ...each(pressed, (how, text, i) => said(how, i, { pressed: how, text })),
      said('long', 4, { pressed: 'button', text: LONG }),
      said('offered', 200, {
        ...bot,
        text: 'Which one?',
        offered: ['Blue', 'Red', 'I would rather talk to a person', 'أخضر'],
      }),
      said('asked', 400, { ...mine, state: 'sent', text: 'Which one?', offered: ['Blue', 'Red'] }),
    ]),
    frame(
      'what comes with a message',
      each(attachments, (is, attachment, i) => said(is, i * 200, { attachments: [attachment] })),
      { previewWhat: 'unknown' },
    ),
    frame(
      'the same from our side',
      // Only customers mention us in their stories.
      each(attachments, (is, attachment, i) =>
        said(is, i * 200, { ...bot, attachments: [attachment] }),
      ).filter((item) => item.item !== 'message' || item.message.key !== 'storyMention'),
      { previewWhat: 'unknown' },
    ),
    frame(
      'media',
      each(files, (kind, title, i) =>
        said(kind, i, {
          attachments: [{ is: 'media', media: media({ id: own(`m.${kind}`), kind, title }) }],
        }),
      ),
      { previewWhat: 'sticker' },
    ),
    frame(
      'where media are',
      each(whereabouts, (state, title, i) =>
        said(state, i, {
          attachments: [
            { is: 'media', media: media({ id: own(`w.${state}`), kind: 'file', state, title }) },
          ],
        }),
      ),
      { previewWhat: 'file', preview: whereabouts.elsewhere },
    ),
    frame(
      'media whose link died',
      each(files, (kind, title, i) =>
        said(kind, i, {
          attachments: [
            { is: 'media', media: media({ id: own(`d.${kind}`), kind, title, state: 'dead' }) },
          ],
        }),
      ),
      { previewWhat: 'sticker' },
    ),
    frame(
      'what cannot be shown',
      [
        said('x1', 0, { unknown: true }),
        said('x2', 1, { ...bot, unknown: true }),
        ...each(hidden, (why, title, i) =>
          said(why, 2 + i, { attachments: [{ is: 'hidden', why, title }] }),
        ),
      ],
      { previewWhat: 'unknown', preview: '' },
    ),
    frame(
      'how they came, with a first word',
      each(came, (by, _, i) => said(by, i * 200, { text: 'Hello', came: cameBy(by) })),
    ),
    frame(
      'what happened',
      Object.values(happened)
        .flat()
        .map((what, i): Item => ({
          item: 'happened',
          key: `h${i}`,
          ...at(i),
          happened: what,
          about:
            what.happened === 'thumb'
              ? {
                  key: 'u3',
                  place: null,
                  authorName: 'Ines',
                  what: 'text',
                  text: 'It arrives on Thursday.',
                }
              : null,
        })),
      { previewWhat: 'labelRemoved', previewBy: 'system', preview: 'عميل مهم' },
    ),
    frame('between the messages', [
      {
        item: 'handover',
        key: 'b1',
        ...at(0),
        line: 'Teabot passed this thread to Baton',
        note: LONG,
        owner: 'ours',
      },
      {
        item: 'handover',
        key: 'b2',
        ...at(1),
        line: 'Page Inbox took this thread from Baton',
        note: null,
        owner: 'metaInbox',
      },
      { item: 'team', key: 'b3', ...at(2), line: 'Ines took this thread on' },
      { item: 'erased', key: 'b3e', ...at(2), line: `${LONG} erased this customer` },
      { item: 'gap', key: 'b3g', ...at(2), count: 12 },
      note({
        key: 'b4',
        ...at(3),
        text: `${LONG}\n${ARABIC} @Ines Kremer, @Petra Vogel`,
        mentions: [
          { name: 'Ines Kremer', me: true },
          { name: 'Petra Vogel', me: false },
        ],
        mayRemove: true,
      }),
      note({
        key: 'b4s',
        ...at(3),
        by: 'Ines Kremer',
        text: 'She asked for a refund of all orders.',
        supervisorsOnly: true,
        pending: true,
        mayRemove: true,
      }),
      said('b5', 4, { standby: true, text: 'Where is my parcel?' }),
      said('b6', 5, { foundLate: true, text: 'I wrote this while nobody listened.' }),
      said('b6m', 5, {
        fromMetaMs: NOW,
        mid: null,
        place: null,
        text: 'I wrote this while the relay was away.',
      }),
      said('b7', 6, { standby: true, pressed: 'button', text: 'Talk to a person' }),
    ]),
    ...Object.entries(rowMarks).map(([name, over]) => marked(name, over)),
  ];
}
