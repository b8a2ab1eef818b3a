/**
 * Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y in a text box.
 *
 * The web view of Linux binds no key to them, and what it would take back by itself knows nothing of a text that the page put
 * into a box: it brings old letters into new places. So what was typed is kept here, box by box, and forgotten as soon as a box
 * holds what nobody typed there. Where the web view has keys of its own the press is taken from it.
 */

import { isComposed } from '$features/composer/press';
import { writesText } from './keys';

export type Direction = 'undo' | 'redo';

/** Typing within so many milliseconds is taken back as one, up to the end of a word. */
const ONE_MS = 1_000;
/** So many steps are kept of a box. */
const MOST = 200;

type Box = HTMLInputElement | HTMLTextAreaElement;
type Step = { value: string; from: number; to: number };
type Kept = { past: Step[]; future: Step[]; now: Step; atMs: number; kind: string };

/** Which of both a press in a text box means; null for any other press, and where an input method or the page has it. */
export function textUndoOf(event: KeyboardEvent): Direction | null {
  const isChord = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!isChord || event.defaultPrevented || isComposed(event) || !writesText(event.target))
    return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' && event.ctrlKey && !event.shiftKey ? 'redo' : null;
}

/** A box that keeps text; null for others. What a secret is typed into keeps nothing. */
function boxOf(target: EventTarget | null): Box | null {
  if (target instanceof HTMLTextAreaElement) return target;
  const texts = ['text', 'search', 'url', 'tel', ''];
  return target instanceof HTMLInputElement && texts.includes(target.type) ? target : null;
}

function stepOf(box: Box): Step {
  return { value: box.value, from: box.selectionStart ?? 0, to: box.selectionEnd ?? 0 };
}

export class TextUndo {
  readonly #boxes = new WeakMap<Box, Kept>();

  /** Something is about to be typed: what the box holds now is what an undo brings back. */
  begins(event: Event) {
    const box = boxOf(event.target);
    if (box && !(event instanceof InputEvent && event.isComposing)) this.#of(box);
  }

  /** Something was typed, pasted, cut, or put in by an input method that is done. */
  typed(event: Event) {
    const box = boxOf(event.target);
    if (!box || (event instanceof InputEvent && event.isComposing)) return;
    const kept = this.#boxes.get(box);
    if (!kept) return void this.#of(box);
    if (kept.now.value === box.value) return;
    const kind = event instanceof InputEvent ? event.inputType : event.type;
    const isOne =
      kept.past.length > 0 &&
      kind === kept.kind &&
      (kind === 'insertText' || kind.startsWith('deleteContent')) &&
      performance.now() - kept.atMs < ONE_MS &&
      !/\s$/.test(kept.now.value.slice(0, kept.now.to));
    if (!isOne) kept.past.push(kept.now);
    if (kept.past.length > MOST) kept.past.shift();
    kept.future = [];
    Object.assign(kept, { now: stepOf(box), atMs: performance.now(), kind });
  }

  /** Takes typing back or brings it again. False when there is nothing to do it with. */
  change(target: EventTarget | null, how: Direction): boolean {
    const box = boxOf(target);
    if (!box || box.readOnly || box.disabled) return false;
    const kept = this.#of(box);
    const [from, to] = how === 'undo' ? [kept.past, kept.future] : [kept.future, kept.past];
    const step = from.pop();
    if (!step) return false;
    to.push(kept.now);
    Object.assign(kept, { now: step, kind: how });
    box.value = step.value;
    box.setSelectionRange(step.from, step.to);
    const inputType = how === 'undo' ? 'historyUndo' : 'historyRedo';
    box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType }));
    return true;
  }

  /** What is kept of a box; begun anew where it holds what nobody typed. */
  #of(box: Box): Kept {
    const now = stepOf(box);
    const kept = this.#boxes.get(box);
    if (kept?.now.value === now.value) {
      kept.now = now;
      return kept;
    }
    const anew: Kept = { past: [], future: [], now, atMs: 0, kind: '' };
    this.#boxes.set(box, anew);
    return anew;
  }
}
