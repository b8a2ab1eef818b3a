/** What a key press in the composer means. Pure. */
import { pageKeys } from '$features/thread/scroll-keys';

export type Press = 'text' | 'stay' | 'next' | 'done' | 'stepOut' | 'page';

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'
>;

/** WebKit ends a composition before its Enter arrives, and marks that Enter with this code only. */
const IN_COMPOSITION = 229;

/** True while an input method has the key. */
export function isComposed(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === IN_COMPOSITION;
}

export function pressMeans(event: Pressed, enterSends: boolean): Press {
  if (isComposed(event)) return 'text';
  if (event.key === 'Escape') return 'stepOut';
  if (pageKeys.includes(event.key) && !hasModifier(event)) return 'page';
  if (event.key !== 'Enter' || event.altKey) return 'text';
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? 'done' : 'next';
  return event.shiftKey === enterSends ? 'text' : 'stay';
}

function hasModifier({ ctrlKey, metaKey, shiftKey, altKey }: Pressed): boolean {
  return ctrlKey || metaKey || shiftKey || altKey;
}
