/** A stretch of the past of a thread: it grows at both ends and becomes the thread's end again. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { MINUTE, NOW } from '../../test/people';
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
    return message({ key: `m${at}`, text, atMs: NOW + at * MINUTE });
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
    return { items: items(Number(after) + 1, to), older: null, newer, key: null };
  };
  host.answers.itemsAround = ({ at, before, after }) => {
    const place = Number(at);
    const [from, to] = [Math.max(0, place - before), Math.min(texts.length, place + after)];
    return {
      items: items(from, to),
      older: from > 0 ? String(from) : null,
      newer: to < texts.length ? String(to - 1) : null,
      key: texts[place] === undefined ? null : `m${place}`,
    };
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
    expect(shown()).toEqual(numbers(470, 1_000));
    expect(open.shown!.older).toBe('470');
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
