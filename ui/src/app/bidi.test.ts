/** Whatever way names and texts read, what stands beside them keeps its place: each is a piece of its own. */
import { expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { kite, northwind, NOW, row, session, teabot } from '../test/people';
import { message, note, status, threadView } from '../test/said';
import { openThread, openWindow, part, press, waitFor } from '../test/window';
import type { Item } from '$lib/contract';

const TURNS = /[\u0590-\u08ff]/;
const CUSTOMER = 'דנה לוי (2)';
const TEXT = 'أين طلبي؟ 4412.';

const colleague = { author: 'colleague', authorName: 'יונה כהן' } as const;
const items: Item[] = [
  message({ key: 'a', place: null, authorName: CUSTOMER, text: TEXT }),
  message({ key: 'b', author: 'app', authorName: 'בוט תה', text: TEXT, offered: [TEXT] }),
  message({
    key: 'c',
    ...colleague,
    state: 'sent',
    text: TEXT,
    replyTo: { key: 'a', place: null, authorName: CUSTOMER, what: 'text', text: TEXT },
    edited: true,
    earlier: [{ text: TEXT, atMs: NOW }],
  }),
  note({ key: 'd', atMs: NOW, by: 'יונה כהן', text: TEXT, mentions: [{ name: 'דנה', me: false }] }),
  { item: 'handover', key: 'e', atMs: NOW, line: 'Passed on', note: TEXT, owner: 'other' },
];

/** The texts that could turn what stands beside them. */
function loose(): string[] {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent ?? '';
    // Initials are alone in their circle.
    if (!TURNS.test(text) || walk.currentNode.parentElement?.matches('.avatar, b[aria-hidden]'))
      continue;
    const around = walk.currentNode.parentElement?.closest('bdi, [dir="auto"]');
    const begins = around?.textContent?.trim().slice(0, 1) ?? '';
    const alone = around !== null && TURNS.test(begins);
    if (!alone && !text.includes('\u2068')) found.push(text.trim());
  }
  return found;
}

function loudest(): string[] {
  const named = document.querySelectorAll('[title], [aria-label], [placeholder]');
  const said = [...named].flatMap((element) =>
    ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
  );
  return [...said, document.title].filter(
    (text) => TURNS.test(text) && !text.includes('\u2068') && !/^[\u0590-\u08ff]/.test(text),
  );
}

test('names, previews, quotes, toasts and titles are each a piece of their own', async () => {
  const owner = { ...teabot, appName: 'בוט תה', defaultAppName: 'בוט תה', firstName: 'בוט תה' };
  const over = { name: CUSTOMER, preview: TEXT, accountName: 'צפון', owner } as const;
  const host = new FakeHost();
  host.rows = [
    row({ thread: 1, ...over, previewBy: 'me', unread: 2 }),
    row({ thread: 2, ...over, previewBy: 'app', previewName: 'בוט תה', assignee: 'יונה' }),
    row({ thread: 3, ...over, previewWhat: 'storyReply', mine: true, draft: null }),
    row({ thread: 4, ...over, draft: TEXT }),
  ];
  host.answers.session = () =>
    session({
      agentName: 'דנה',
      workspace: 'צפון',
      accounts: [
        { ...northwind, name: 'צפון' },
        { ...kite, name: 'עפיפון' },
      ],
    });
  host.answers.openThread = ({ thread }) => {
    const one = host.rows.find((row) => row.thread === thread)!;
    const held = [{ atMs: NOW, who: 'בוט תה', how: 'new message' }];
    return { ...threadView(one, host.storeVersion), items, held };
  };
  host.answers.status = () =>
    status({
      setbacks: [
        {
          part: 'p',
          kind: 'notDone',
          thread: 2,
          name: CUSTOMER,
          words: { what: 'It was not sent.', action: '' },
        },
      ],
    });
  await openWindow(host);
  await openThread(1);
  await press('toggle-details');
  await part('details');
  await press('edited');
  await press('assign');
  await waitFor(() => expect(document.querySelectorAll('.toast').length).toBe(2));
  await waitFor(() => expect(document.title).toContain('צפון'));
  expect(loose()).toEqual([]);
  expect(loudest()).toEqual([]);
});
