/**
 * Threads that are dragged by the pointer.
 *
 * ```text
 *   nothing ──button down on a card──▶ pressed ──moved a little──▶ dragging ──button up on a place──▶ dropped
 *      ▲                                  │                          │
 *      └──────────button up───────────────┴──Esc, or nowhere─────────┘
 * ```
 *
 * Promises: a press without a move is a press; what lies under the pointer is told by the event itself, so that the picture
 * that hangs on the pointer, which takes no events, never hides it.
 */
import type { Card } from './column.svelte';

/** So far the pointer moves before a press is a drag, CSS pixels. */
const FAR = 5;

type Spot = { x: number; y: number };

export class Drag {
  /** What is dragged; none while nothing is. */
  cards = $state.raw<Card[]>([]);
  at = $state.raw<Spot>({ x: 0, y: 0 });
  /** The place under the pointer: `queue`, or an agent's id. */
  over = $state<string | null>(null);
  /** The pointer is over a place that looks like one to drop on and takes nothing. */
  refused = $state(false);
  #pressed: (Spot & { cards: () => Card[] }) | null = null;
  /** A drag just ended: the click that follows is none. */
  #justDropped = false;

  get on(): boolean {
    return this.cards.length > 0;
  }

  /** The button is down on a card, be it dragged already or not: what is written under the way is not to be selected. */
  get holds(): boolean {
    return this.#pressed !== null || this.on;
  }

  /** What a place says to a pointer that rests on it; nothing while something is dragged, as it would cover the place. */
  hint(text: string): string | undefined {
    return this.on ? undefined : text;
  }

  /** The button went down on a card; `cards`: what goes along if it is a drag. */
  press(event: PointerEvent, cards: () => Card[]): void {
    this.#justDropped = false;
    const isPlain = event.button === 0 && !event.shiftKey && !event.ctrlKey && !event.metaKey;
    this.#pressed = isPlain ? { x: event.clientX, y: event.clientY, cards } : null;
  }

  move(event: PointerEvent): void {
    const { clientX: x, clientY: y } = event;
    if (this.#pressed && !this.on) {
      if (Math.hypot(x - this.#pressed.x, y - this.#pressed.y) < FAR) return;
      this.cards = this.#pressed.cards();
      // What was selected before would be dragged along, and stay.
      getSelection()?.removeAllRanges();
    }
    if (!this.on) return;
    this.at = { x, y };
    this.#isOver(event.target);
  }

  /** Something else lies under the pointer, which did not move. */
  look(under: Element | null): void {
    if (this.on) this.#isOver(under);
  }

  /** The button went up. Returns what was dropped where; none when it was no drag, or nowhere. */
  drop(event: PointerEvent): { cards: Card[]; to: string } | null {
    if (this.on) this.#isOver(event.target);
    const { cards, over } = this;
    this.#justDropped = this.on;
    this.#end();
    return cards.length > 0 && over !== null ? { cards, to: over } : null;
  }

  /** Lets go of what is dragged, where it was. True when something was. */
  cancel(): boolean {
    const was = this.on;
    this.#justDropped = was;
    this.#end();
    return was;
  }

  /** Whether a click belongs to the drag that just ended. */
  swallows(): boolean {
    const was = this.#justDropped;
    this.#justDropped = false;
    return was;
  }

  #isOver(target: EventTarget | null): void {
    this.over = placeUnder(target);
    this.refused = target instanceof Element && target.closest('[data-no-drop]') !== null;
  }

  #end(): void {
    this.#pressed = null;
    this.cards = [];
    this.over = null;
    this.refused = false;
  }
}

/** The place where something would be dropped. */
function placeUnder(target: EventTarget | null): string | null {
  const place = target instanceof Element ? target.closest<HTMLElement>('[data-drop]') : null;
  return place?.dataset['drop'] ?? null;
}
