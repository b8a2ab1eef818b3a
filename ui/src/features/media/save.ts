/** Saves a file where the person says, and tells that it was. */
import type { Desk } from '../../app/desk.svelte';
import { words } from '$lib/words';

export function save(desk: Desk, id: string): Promise<void> {
  return desk.act(async () => {
    const { name } = await desk.host.call('saveMedia', { id });
    if (name !== null) desk.toasts.show({ text: words.media.saved(name) });
  });
}
