/**
 * Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y in a text box. The web view of Linux keeps what was typed and binds no key to it: a program
 * that wants them asks for it, as here. Where the web view has keys of its own the press is taken from it, so that nothing is
 * undone twice.
 */

import { isComposed } from '$features/composer/press';
import { writesText } from './keys';

export type TextUndo = 'undo' | 'redo';

/** Which of both a press in a text box means; null for any other press, and where an input method or the page has it. */
export function textUndoOf(event: KeyboardEvent): TextUndo | null {
  const isChord = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!isChord || event.defaultPrevented || isComposed(event) || !writesText(event.target))
    return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' && event.ctrlKey && !event.shiftKey ? 'redo' : null;
}

/** Takes typing back or brings it again, in the box that has the focus. False when there was nothing to do it with. */
export function changeTyping(how: TextUndo): boolean {
  const by = document as {
    execCommand?: (name: string) => boolean;
    queryCommandEnabled?: (name: string) => boolean;
  };
  return (by.queryCommandEnabled?.(how) ?? false) && (by.execCommand?.(how) ?? false);
}
