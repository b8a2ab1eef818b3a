/** The open thread while its past changes: what was scrolled to stays true, at a bounded price. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { MINUTE, NOW } from '../../test/people';
import { message, threadView } from '../../test/said';
import type { Item } from '$lib/contract';
import { itemKey } from './merge';
import { OpenThread } from './open-thread.svelte';

const PAGE = 60;
const THREAD = 3;

/** A host with a thread of many messages, paged as the desk pages them. */
class LongThread extends FakeHost {
  texts: string[];

  constructor(length: number) {
    super();
    this.texts = Array.from({ length }, (_, at) => `text ${at}`);
    this.answers.openThread = () => {
      const from = Math.max(0, this.texts.length - PAGE);
      const row = this.rows.find((one) => one.thread === THREAD)!;
      return {
        ...threadView(row, this.storeVersion),
        items: this.#items(from, this.texts.length),
        older: from > 0 ? String(from) : null,
      };
    };
    this.answers.olderItems = ({ before, limit }) => {
      const to = Number(before);
      const from = Math.max(0, to - limit);
      return { items: this.#items(from, to), older: from > 0 ? String(from) : null };
    };
  }

  #items(from: number, to: number): Item[] {
    return this.texts.slice(from, to).map((text, i) => {
      const at = from + i;
      return message({ key: `m${at}`, place: String(at), text, atMs: NOW + at * MINUTE });
    });
  }

  edit(at: number, text: string): void {
    this.texts[at] = text;
    this.storeVersion += 1;
  }

  say(text: string): void {
    this.texts.push(text);
    this.storeVersion += 1;
  }
}

const texts = (open: OpenThread) =>
  open.view!.items.map((item) => (item.item === 'message' ? item.message.text : item.item));
const keys = (open: OpenThread) => open.view!.items.map(itemKey);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `m${from + at}`);

let host: LongThread;
let open: OpenThread;

/** Opens the thread and scrolls up by so many pages. */
async function opened(length: number, pages: number): Promise<void> {
  host = new LongThread(length);
  open = new OpenThread(host, THREAD, () => false);
  await open.query.read();
  for (let page = 0; page < pages; page += 1) await open.older();
  host.calls = [];
}

/** What the window does on a notice. */
const heard = () => open.query.read();

describe('what was scrolled to', () => {
  beforeEach(() => opened(1_000, 4));

  test('shows what became of a message without opening the thread again', async () => {
    expect(keys(open)).toEqual(numbers(700, 1_000));
    host.edit(701, 'edited');
    await heard();
    await vi.waitFor(() => expect(texts(open)[1]).toBe('edited'));
    expect(keys(open), 'it begins where it began').toEqual(numbers(700, 1_000));
    expect(open.view?.older).toBe('700');
  });

  test('is read again in pieces, as many as were scrolled to and no more', async () => {
    host.edit(701, 'edited');
    await heard();
    await vi.waitFor(() => expect(texts(open)[1]).toBe('edited'));
    const pieces = host.asked('olderItems');
    expect(pieces.map(({ before }) => before)).toEqual(['940', '740']);
    expect(Math.max(...pieces.map(({ limit }) => limit))).toBeLessThanOrEqual(200);
  });

  test('keeps what left the newest page, and that stays true too', async () => {
    for (let more = 0; more < 30; more += 1) host.say(`new ${more}`);
    host.edit(945, 'edited');
    await heard();
    await vi.waitFor(() => expect(texts(open)[945 - 700]).toBe('edited'));
    expect(keys(open)).toEqual(numbers(700, 1_030));
  });

  test('is not read twice at once however often something happens', async () => {
    let reading = 0;
    let most = 0;
    const { olderItems } = host.answers;
    host.answers.olderItems = async (request) => {
      most = Math.max(most, (reading += 1));
      await new Promise((done) => setTimeout(done, 1));
      reading -= 1;
      return olderItems(request);
    };
    for (let edit = 0; edit < 5; edit += 1) {
      host.edit(701 + edit, `edited ${edit}`);
      await heard();
    }
    const edited = ['edited 0', 'edited 1', 'edited 2', 'edited 3', 'edited 4'];
    await vi.waitFor(() => expect(texts(open).slice(1, 6)).toEqual(edited));
    expect(most).toBe(1);
  });

  test('can grow upwards meanwhile', async () => {
    host.edit(701, 'edited');
    const [, older] = await Promise.all([heard(), open.older()]);
    void older;
    await vi.waitFor(() => expect(texts(open)).toContain('edited'));
    expect(keys(open)).toEqual(numbers(640, 1_000));
  });

  test('stays as it is while it cannot be read, and is true after the next notice', async () => {
    const { olderItems } = host.answers;
    host.answers.olderItems = () => {
      throw refuse('storage', 'The file could not be read.');
    };
    host.edit(701, 'edited');
    await heard();
    await vi.waitFor(() => expect(host.asked('olderItems')).toHaveLength(1));
    expect(keys(open)).toEqual(numbers(700, 1_000));
    host.answers.olderItems = olderItems;
    await heard();
    await vi.waitFor(() => expect(texts(open)[1]).toBe('edited'));
  });
});

test('a thread of which nothing was scrolled to costs its newest page alone', async () => {
  await opened(1_000, 0);
  host.edit(999, 'edited');
  await heard();
  await vi.waitFor(() => expect(texts(open).at(-1)).toBe('edited'));
  expect(host.calls.map(({ name }) => name)).toEqual(['openThread']);
});

test('a thread that was scrolled to its beginning is read again to its beginning', async () => {
  await opened(130, 2);
  expect(open.view?.older).toBeNull();
  host.edit(0, 'edited');
  await heard();
  await vi.waitFor(() => expect(texts(open)[0]).toBe('edited'));
  expect(keys(open)).toEqual(numbers(0, 130));
  expect(open.view?.older).toBeNull();
});

describe('a thread of 50 000 messages', () => {
  const MOST = 360;

  test('holds so many of them and no more, however far up one scrolls', async () => {
    await opened(50_000, 0);
    open.atEnd = false;
    for (let page = 0; page < 30; page += 1) {
      await open.older();
      expect(open.shown!.items.length).toBeLessThanOrEqual(MOST);
    }
    const shown = open.shown!.items.map(itemKey);
    const first = 50_000 - 60 * 31;
    expect(shown, 'from where one is, without a gap').toEqual(numbers(first, first + shown.length));
    expect(open.shown!.older).toBe(String(first));
    expect(open.past!.newer, 'what follows begins at the last of them').toBe(
      shown.at(-1)!.slice(1),
    );
    expect(keys(open), 'the newest are kept aside').toEqual(numbers(49_940, 50_000));
  });

  test('grows at its end for a day and stays short', async () => {
    await opened(50_000, 0);
    for (let more = 0; more < 400; more += 1) {
      host.say(`new ${more}`);
      if (more % 20 === 19) await heard();
    }
    expect(open.past).toBeNull();
    expect(open.view!.items.length).toBeLessThanOrEqual(MOST);
    expect(texts(open).at(-1)).toBe('new 399');
    expect(open.view!.older).toBe(keys(open)[0]!.slice(1));
  });

  test('leaves somebody who reads far up where they are while it grows', async () => {
    await opened(50_000, 4);
    open.atEnd = false;
    for (let more = 0; more < 120; more += 1) host.say(`new ${more}`);
    await heard();
    for (let more = 0; more < 120; more += 1) host.say(`newer ${more}`);
    await heard();
    expect(open.shown!.items.map(itemKey).slice(0, 200)).toEqual(numbers(49_700, 49_900));
  });
});

describe('a reply that was just sent', () => {
  beforeEach(() => opened(10, 0));

  const reply = () =>
    message({
      key: 'part:1',
      place: null,
      text: 'Here it is',
      author: 'me',
      atMs: NOW + 60 * MINUTE,
    });

  test('stands in the thread before the thread is read again', () => {
    open.answered({ items: [reply()], storeVersion: host.storeVersion + 1 });
    expect(keys(open)).toEqual([...numbers(0, 10), 'part:1']);
    expect(host.calls, 'nothing was read for it').toEqual([]);
  });

  test('is not taken away by an answer from before it', async () => {
    const before = host.storeVersion;
    const reading = open.query.read();
    open.answered({ items: [reply()], storeVersion: before + 1 });
    await reading;
    expect(keys(open).at(-1)).toBe('part:1');
  });

  test('gives way to what was read after it', async () => {
    open.answered({ items: [reply()], storeVersion: host.storeVersion + 1 });
    host.say('Here it is');
    await heard();
    expect(keys(open)).toEqual(numbers(0, 11));
  });

  test('changes nothing of a thread that was read after it', async () => {
    host.say('Here it is');
    await heard();
    open.answered({ items: [reply()], storeVersion: host.storeVersion });
    expect(keys(open)).toEqual(numbers(0, 11));
  });
});
