/** The desk of a page begins to listen once, and what everybody needs is read when it changed. */
import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { find, openThread, openWindow, waitFor } from '../test/window';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(cleanup);

test('a thread that is opened is read, and nothing else is begun anew', async () => {
  const listen = vi.spyOn(host, 'listen');
  await openWindow(host);
  await openThread(3);
  host.calls.length = 0;
  await openThread(2);
  await openThread(3);
  await waitFor(() => expect(find('thread')?.dataset['thread']).toBe('3'));
  expect(listen).toHaveBeenCalledOnce();
  const asked = new Set(host.calls.map(({ name }) => name));
  expect(asked).toContain('openThread');
  for (const name of ['session', 'status', 'presence', 'alerts', 'labels', 'savedViews', 'setting'])
    expect(asked).not.toContain(name);
});
