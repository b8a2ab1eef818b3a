import { beforeEach, expect, test, vi } from 'vitest';
import { Query } from './query.svelte';

type Answer = { version: number; text: string };

let waiting: ((answer: Answer | Error) => void)[];
let query: Query<Answer>;

beforeEach(() => {
  vi.useFakeTimers();
  waiting = [];
  query = new Query<Answer>({
    load: () =>
      new Promise((resolve, reject) =>
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
      ),
    version: ({ version }) => version,
  });
  return () => vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(60);

test('many asks in one frame are one read', async () => {
  query.ask();
  query.ask();
  query.ask();
  await settle();
  expect(waiting).toHaveLength(1);
});

test('asks while a read is on its way become one more read', async () => {
  void query.read();
  await settle();
  query.ask();
  await settle();
  query.ask();
  await settle();
  expect(waiting).toHaveLength(1);
  waiting[0]!({ version: 1, text: 'first' });
  await settle();
  expect(waiting).toHaveLength(2);
});

test('an answer of an older store is not shown', async () => {
  void query.read();
  waiting[0]!({ version: 5, text: 'new' });
  await settle();
  void query.read();
  await settle();
  waiting[1]!({ version: 4, text: 'old' });
  await settle();
  expect(query.data?.text).toBe('new');
});

test('an answer that comes after a reset is not shown', async () => {
  void query.read();
  query.reset();
  waiting[0]!({ version: 1, text: 'of the other view' });
  await settle();
  expect(query.data).toBeNull();
});

test('a failure keeps what is shown, and goes with the next answer', async () => {
  void query.read();
  waiting[0]!({ version: 1, text: 'shown' });
  await settle();
  void query.read();
  await settle();
  waiting[1]!(new Error('cut'));
  await settle();
  expect([query.data?.text, query.error?.code]).toEqual(['shown', 'failed']);
  void query.read();
  await settle();
  waiting[2]!({ version: 2, text: 'again' });
  await settle();
  expect([query.data?.text, query.error]).toEqual(['again', null]);
});

test('it is slow only after 150 ms and only with nothing to show', async () => {
  void query.read();
  await vi.advanceTimersByTimeAsync(149);
  expect(query.slow).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(query.slow).toBe(true);
  waiting[0]!({ version: 1, text: 'shown' });
  await settle();
  expect(query.slow).toBe(false);
});
