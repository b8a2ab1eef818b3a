import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test, vi } from 'vitest';
import type { Notice } from '$lib/contract';
import { refuse } from '../../test/fake-host';
import { tauriHost } from './tauri';

afterEach(() => {
  vi.useRealTimers();
  clearMocks();
});

test('a call goes through the one command, with its name and request', async () => {
  const seen: unknown[] = [];
  mockIPC((command, payload) => {
    seen.push([command, payload]);
    return { name: 'theme', value: null };
  });
  const answer = await tauriHost().call('setting', { name: 'theme' });
  expect(answer).toEqual({ name: 'theme', value: null });
  expect(seen).toEqual([['call', { name: 'setting', request: { name: 'theme' } }]]);
});

test('a refusal comes as the host gave it, anything else as failed', async () => {
  mockIPC(() => Promise.reject(refuse('notFound', 'It is gone.', 'Pick another.')));
  await expect(tauriHost().call('openThread', { thread: 1 })).rejects.toEqual(
    refuse('notFound', 'It is gone.', 'Pick another.'),
  );
  mockIPC(() => Promise.reject('broken pipe'));
  await expect(tauriHost().call('openThread', { thread: 1 })).rejects.toMatchObject({
    code: 'failed',
    message: 'broken pipe',
  });
});

test('a subscription that fails is tried again, and all is read once it stands', async () => {
  vi.useFakeTimers();
  let tries = 0;
  const channels = new Set<number>();
  mockIPC((command, payload) => {
    if (command !== 'subscribe') return;
    tries += 1;
    channels.add((payload as { channel: { id: number } }).channel.id);
    if (tries === 1) throw new Error('not yet');
  });
  const heard: Notice[] = [];
  const stop = tauriHost().listen((notice) => heard.push(notice));
  await vi.advanceTimersByTimeAsync(500);
  expect([tries, heard]).toEqual([1, []]);
  await vi.advanceTimersByTimeAsync(600);
  expect([tries, heard]).toEqual([2, [{ notice: 'all' }]]);
  // The host ends the channel of a call that it refuses.
  expect(channels.size).toBe(2);
  stop();
});
