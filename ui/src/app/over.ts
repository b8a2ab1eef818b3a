/**
 * What lies over the page: popovers, menus and dialogs.
 *
 * Promises: while one is open no key of the page does anything to what is behind it, wherever the focus is (what only
 * helps with what is written stops single keys alone); Esc closes it; a press on a spot inside that takes no focus, or a part that goes away under the focus, does not let the focus out.
 */
import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { KeyAct } from './keys';
import { nothingHasFocus } from '$lib/focus';

const OVER = 'data-over';
const CHORDS = 'chords';

/** What lies over the page, the uppermost; null when nothing does. */
export function whatLiesOver(): Element | null {
  const all = document.querySelectorAll(`dialog[open], [${OVER}]`);
  return all[all.length - 1] ?? null;
}

/** Whether the key of this act works while it is open: what opened it closes it again, and help for a field has no keys. */
export function letsThrough(over: Element, act: KeyAct, isChord: boolean): boolean {
  const to = over.getAttribute(OVER);
  return to === CHORDS ? isChord : to === act;
}

type Over = {
  close: () => void;
  /** The act that opened it, and closes it again; `chords` where it only helps with what is written beside it. */
  act?: KeyAct | typeof CHORDS;
  /** What a press elsewhere does. */
  outside?: () => void;
};

/** This lies over the page for as long as it is there. Its own keys come first. */
export function liesOver({ close, act, outside }: Over): Attachment<HTMLElement> {
  return (node) => {
    node.setAttribute(OVER, act ?? '');
    if (!node.hasAttribute('tabindex')) node.tabIndex = -1;

    function onkeydown(event: KeyboardEvent) {
      if (whatLiesOver() !== node || node.contains(event.target as Node | null)) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        untrack(close);
      } else if (nothingHasFocus()) node.focus();
    }
    function onpointerdown({ target }: PointerEvent) {
      if (outside && !(target instanceof Node && node.contains(target))) untrack(outside);
    }
    window.addEventListener('keydown', onkeydown, { capture: true });
    window.addEventListener('pointerdown', onpointerdown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onkeydown, { capture: true });
      window.removeEventListener('pointerdown', onpointerdown, { capture: true });
    };
  };
}
