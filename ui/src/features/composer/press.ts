/** What a key press in the composer means. Pure. */

export type Press = 'text' | 'stay' | 'next' | 'done' | 'stepOut';

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'
>;

/** WebKit ends a composition before its Enter arrives, and marks that Enter with this code only. */
const IN_COMPOSITION = 229;

export function pressMeans(event: Pressed, enterSends: boolean): Press {
  if (event.isComposing || event.keyCode === IN_COMPOSITION) return 'text';
  if (event.key === 'Escape') return 'stepOut';
  if (event.key !== 'Enter' || event.altKey) return 'text';
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? 'done' : 'next';
  return event.shiftKey === enterSends ? 'text' : 'stay';
}
