/** Where the letters of a text box stand on the screen, and how other letters come into their place. */

const COPIED = [
  'direction',
  'boxSizing',
  'width',
  'fontFamily',
  'fontSize',
  'fontWeight',
  'letterSpacing',
  'lineHeight',
  'paddingLeft',
  'paddingRight',
  'tabSize',
] as const;

/** How far from the left edge of the box the letter at a place stands, pixels. */
export function leftOf(box: HTMLTextAreaElement, place: number): number {
  // A text box does not tell: the same text is laid out beside it, unseen.
  const twin = document.createElement('div');
  const style = getComputedStyle(box);
  for (const name of COPIED) twin.style[name] = style[name];
  twin.style.position = 'absolute';
  twin.style.visibility = 'hidden';
  twin.style.whiteSpace = 'pre-wrap';
  twin.style.overflowWrap = 'break-word';
  const mark = document.createElement('span');
  mark.textContent = box.value.slice(place, place + 1) || '.';
  twin.append(box.value.slice(0, place), mark);
  box.parentElement?.append(twin);
  const left = mark.offsetLeft;
  twin.remove();
  return left;
}

/** Puts a text into a place, as if it was typed: the text box can take it back with Ctrl+Z. */
export function put(box: HTMLTextAreaElement, from: number, to: number, text: string): void {
  box.focus();
  box.setSelectionRange(from, to);
  if (typedIn(text)) return;
  box.setRangeText(text, from, to, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

function typedIn(text: string): boolean {
  const by = document as { execCommand?: (name: string, ui: boolean, text: string) => boolean };
  return by.execCommand?.('insertText', false, text) ?? false;
}
