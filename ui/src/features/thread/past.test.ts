/** A stretch of the past of a thread: it grows at both ends and becomes the thread's end again. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { DAY, MINUTE, NOW } from '../../test/people';
import { message, threadView } from '../../test/said';
import type { Item } from '$lib/contract';
import { itemKey } from './merge';
import { OpenThread } from './open-thread.svelte';

const PAGE = 60;
const THREAD = 3;
const LENGTH = 1_000;

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `m${from + at}`);
const shown = () => open.shown!.items.map(itemKey);

let texts: string[];
let host: FakeHost;
let open: OpenThread;

const items = (from: number, to: number): Item[] =>
  texts.slice(Math.max(0, from), to).map((text, i) => {
    const at = Math.max(0, from) + i;
    return message({ key: `m${at}`, place: String(at), text, atMs: NOW + at * MINUTE });
  });

beforeEach(async () => {
  texts = Array.from({ length: LENGTH }, (_, at) => `text ${at}`);
  host = new FakeHost();
  host.answers.openThread = () => ({
    ...threadView(
      host.rows.find((one) => one.thread === THREAD)!,
      host.storeVersion,
    ),
    items: items(texts.length - PAGE, texts.length),
    older: String(texts.length - PAGE),
  });
  host.answers.olderItems = ({ before, limit }) => {
    const from = Math.max(0, Number(before) - limit);
    return { items: items(from, Number(before)), older: from > 0 ? String(from) : null };
  };
  host.answers.newerItems = ({ after, limit }) => {
    const to = Number(after) + 1 + limit;
    const newer = to < texts.length ? String(to - 1) : null;
    return { items: items(Number(after) + 1, to), older: null, newer, key: null, keyMs: null };
  };
  host.answers.itemsAround = ({ at, before, after }) => {
    const place = Number(at);
    const [from, to] = [Math.max(0, place - before), Math.min(texts.length, place + after)];
    return {
      items: items(from, to),
      older: from > 0 ? String(from) : null,
      newer: to < texts.length ? String(to - 1) : null,
      key: texts[place] === undefined ? null : `m${place}`,
      keyMs: NOW + place * MINUTE,
    };
  };
  host.answers.itemsFrom = ({ fromMs, thread, before, after }) => {
    const at = Math.max(0, Math.min(texts.length - 1, Math.ceil((fromMs - NOW) / MINUTE)));
    return host.answers.itemsAround({ thread, at: String(at), before, after });
  };
  open = new OpenThread(host, THREAD, () => false);
  await open.query.read();
});

describe('far back', () => {
  beforeEach(async () => {
    expect(await open.around('500')).toBe('m500');
  });

  test('it shows what stands around the message, and the newest are kept', () => {
    expect(shown()).toEqual(numbers(470, 530));
    expect(open.view!.items.map(itemKey)).toEqual(numbers(940, 1_000));
  });

  test('it grows upwards and downwards', async () => {
    await open.older();
    await open.newer();
    expect(shown()).toEqual(numbers(410, 590));
  });

  test('it becomes the end of the thread once the two meet', async () => {
    for (let page = 0; page < 20 && open.past; page += 1) await open.newer();
    expect(open.past).toBeNull();
    const all = shown();
    expect(all).toEqual(numbers(1_000 - all.length, 1_000));
    expect(all.length).toBeLessThanOrEqual(360);
    expect(open.shown!.older).toBe(all[0]!.slice(1));
    expect(host.asked('newerItems').length).toBeLessThan(10);
  });

  test('what changes in it is shown', async () => {
    texts[499] = 'edited';
    host.storeVersion += 1;
    await open.query.read();
    const edited = () => open.shown!.items.find((item) => itemKey(item) === 'm499');
    await vi.waitFor(() => expect(JSON.stringify(edited())).toContain('edited'));
    expect(shown()).toContain('m500');
  });

  test('it lets go below what it grows by above, and is read again as it is', async () => {
    for (let page = 0; page < 7; page += 1) await open.older();
    const before = shown();
    expect(before[0]).toBe('m50');
    expect(before.length).toBeLessThanOrEqual(360);
    texts[60] = 'edited';
    texts[300] = 'edited too';
    host.storeVersion += 1;
    await open.query.read();
    const text = (at: number) =>
      JSON.stringify(open.shown!.items.find((item) => itemKey(item) === `m${at}`));
    await vi.waitFor(() => expect(text(60)).toContain('"text":"edited"'));
    expect(text(300)).toContain('edited too');
    expect(shown(), 'nothing came and nothing went').toEqual(before);
    await open.newer();
    expect(shown()).toContain(`m${Number(before.at(-1)!.slice(1)) + 1}`);
  });

  test('one can go to a moment', async () => {
    const found = await open.aroundMoment(NOW + 200 * MINUTE - 30_000);
    expect(found).toEqual({ key: 'm200', atMs: NOW + 200 * MINUTE });
    expect(shown()).toEqual(numbers(170, 230));
    expect(await open.aroundMoment(NOW + DAY * 365)).toMatchObject({ key: 'm999' });
    expect(open.past, 'the newest are on the screen').toBeNull();
  });

  test('one can go on from it, or back to now', async () => {
    expect(await open.around('100')).toBe('m100');
    expect(shown()).toEqual(numbers(70, 130));
    open.toNow();
    expect(shown()).toEqual(numbers(940, 1_000));
  });
});

test('a message that is shown already needs no past', async () => {
  expect(await open.around('980')).toBe('m980');
  expect(open.past).toBeNull();
  expect(shown()).toEqual(numbers(940, 1_000));
});

test('a stretch that reaches what is shown is joined with it at once', async () => {
  expect(await open.around('930')).toBe('m930');
  expect(open.past).toBeNull();
  expect(shown()).toEqual(numbers(900, 1_000));
});

test('a message that is gone leaves everything as it was', async () => {
  expect(await open.around('5000')).toBeNull();
  expect(shown()).toEqual(numbers(940, 1_000));
});
