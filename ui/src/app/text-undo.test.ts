import { expect, test, vi } from 'vitest';
import { changeTyping, textUndoOf } from './text-undo';

function pressed(on: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, ctrlKey: true, cancelable: true, ...more });
  on.dispatchEvent(event);
  return event;
}

test.each([
  ['z', {}, 'undo'],
  ['Z', { shiftKey: true }, 'redo'],
  ['y', {}, 'redo'],
  ['z', { ctrlKey: false, metaKey: true }, 'undo'],
  ['y', { ctrlKey: false, metaKey: true }, null],
  ['z', { altKey: true }, null],
  ['z', { ctrlKey: false }, null],
  ['x', {}, null],
  ['z', { isComposing: true }, null],
] as const)('in a text box %s with %o means %s', (key, more, means) => {
  expect(textUndoOf(pressed(document.createElement('textarea'), key, more))).toBe(means);
});

test('outside of text, and where the press was taken already, it means nothing', () => {
  expect(textUndoOf(pressed(document.createElement('button'), 'z'))).toBeNull();
  const box = document.createElement('input');
  box.addEventListener('keydown', (event) => event.preventDefault());
  expect(textUndoOf(pressed(box, 'z'))).toBeNull();
});

test('the web view is asked, and a press that changes nothing is left alone', () => {
  const asked = vi.fn(() => true);
  Object.assign(document, {
    execCommand: asked,
    queryCommandEnabled: (how: string) => how === 'undo',
  });
  expect(changeTyping('undo')).toBe(true);
  expect(changeTyping('redo')).toBe(false);
  expect(asked.mock.calls).toEqual([['undo']]);
  Object.assign(document, { execCommand: undefined, queryCommandEnabled: undefined });
  expect(changeTyping('undo')).toBe(false);
});
