import { describe, expect, test, vi } from 'vitest';
import { TextUndo, textUndoOf } from './text-undo';

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

describe('in a box', () => {
  let nowMs = 0;

  function scene(type?: string) {
    const box = type
      ? Object.assign(document.createElement('input'), { type })
      : document.createElement('textarea');
    const typing = new TextUndo();
    box.addEventListener('beforeinput', (event) => typing.begins(event));
    box.addEventListener('input', (event) => typing.typed(event));
    box.addEventListener('compositionstart', (event) => typing.begins(event));
    box.addEventListener('compositionend', (event) => typing.typed(event));
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const puts = (value: string, inputType: string, isComposing = false) => {
      box.dispatchEvent(new InputEvent('beforeinput', { inputType, isComposing }));
      box.value = value;
      box.dispatchEvent(new InputEvent('input', { inputType, isComposing }));
    };
    const types = (text: string) => {
      for (const letter of text) puts(box.value + letter, 'insertText');
    };
    const change = (how: 'undo' | 'redo') => [typing.change(box, how), box.value] as const;
    return { box, puts, types, change };
  }

  test('typing goes word by word and comes again', () => {
    const { types, change } = scene();
    types('Yes, two');
    expect(change('undo')).toEqual([true, 'Yes, ']);
    expect(change('undo')).toEqual([true, '']);
    expect(change('undo')).toEqual([false, '']);
    expect(change('redo')).toEqual([true, 'Yes, ']);
    expect(change('redo')).toEqual([true, 'Yes, two']);
    expect(change('redo')).toEqual([false, 'Yes, two']);
  });

  test('what is typed after a while, pasted or taken out is a step of its own', () => {
    const { types, puts, change } = scene();
    types('ab');
    nowMs += 5_000;
    types('c');
    puts('abcXYZ', 'insertFromPaste');
    puts('abcXY', 'deleteContentBackward');
    expect(change('undo')[1]).toBe('abcXYZ');
    expect(change('undo')[1]).toBe('abc');
    expect(change('undo')[1]).toBe('ab');
    types('d');
    expect(change('redo')).toEqual([false, 'abd']);
  });

  test('what the page put in ends it: nothing of before comes into a text that nobody typed', () => {
    const { box, types, change } = scene();
    types('Bad typo heer');
    box.value = '';
    expect(change('undo')).toEqual([false, '']);
    expect(change('redo')).toEqual([false, '']);
    box.value = 'Bad typo heer';
    types('!');
    expect(change('undo')).toEqual([true, 'Bad typo heer']);
    expect(change('undo')).toEqual([false, 'Bad typo heer']);
  });

  test('what an input method writes is one step once it is done', () => {
    const { box, puts, change } = scene();
    box.dispatchEvent(new CompositionEvent('compositionstart'));
    for (const value of ['に', 'にほ', '日本']) puts(value, 'insertCompositionText', true);
    box.dispatchEvent(new CompositionEvent('compositionend'));
    expect(change('undo')).toEqual([true, '']);
    expect(change('redo')).toEqual([true, '日本']);
  });

  test('the page hears of it as of typing, and a secret is not kept', () => {
    const { box, types, change } = scene();
    types('a');
    const heard = vi.fn();
    box.addEventListener('input', heard);
    change('undo');
    expect(heard).toHaveBeenCalledOnce();
    const secret = scene('password');
    secret.types('token');
    expect(secret.change('undo')).toEqual([false, 'token']);
  });
});
