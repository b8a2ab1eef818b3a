import { describe, expect, test } from 'vitest';
import { bindings, chordOf, singleOf } from './keys';

const press = (key: string, code: string, mods = '') => ({
  key,
  code,
  ctrlKey: mods.includes('c'),
  metaKey: mods.includes('m'),
  shiftKey: mods.includes('s'),
  altKey: mods.includes('a'),
  isComposing: false,
});

describe('chords', () => {
  test.each([
    ['Ctrl+J', press('j', 'KeyJ', 'c'), 'nextToDo'],
    ['Cmd+J', press('j', 'KeyJ', 'm'), 'nextToDo'],
    ['Ctrl+Shift+T', press('T', 'KeyT', 'cs'), 'take'],
    ['Alt+↓', press('ArrowDown', 'ArrowDown', 'a'), 'nextThread'],
    ['Ctrl+1', press('1', 'Digit1', 'c'), 'viewMine'],
    ['Ctrl+1 on a French layout', press('&', 'Digit1', 'c'), 'viewMine'],
    ['Ctrl+/', press('/', 'Slash', 'c'), 'help'],
    ['Ctrl+/ where it needs Shift', press('/', 'Digit7', 'cs'), 'help'],
    ['Ctrl+J on a Russian layout, by place', press('о', 'KeyJ', 'c'), 'nextToDo'],
    ['Ctrl+Y on a German layout, by letter', press('Y', 'KeyZ', 'cs'), 'release'],
  ])('%s', (_, event, act) => {
    expect(chordOf(event)).toBe(act);
  });

  test.each([
    ['a plain letter', press('j', 'KeyJ')],
    ['Ctrl+C', press('c', 'KeyC', 'c')],
    ['Ctrl+Alt+J', press('j', 'KeyJ', 'ca')],
    ['a letter of an input method', { ...press('j', 'KeyJ', 'c'), isComposing: true }],
  ])('%s is no chord', (_, event) => {
    expect(chordOf(event)).toBeNull();
  });
});

describe('single keys', () => {
  test.each([
    ['j', press('j', 'KeyJ'), null, 'nextThread'],
    ['Shift+T', press('T', 'KeyT', 's'), null, 'pass'],
    ['?', press('?', 'Slash', 's'), null, 'help'],
    ['g then u', press('u', 'KeyU'), 'g', 'viewUnassigned'],
    ['g then j', press('j', 'KeyJ'), 'g', null],
    ['w', press('w', 'KeyW'), null, 'waits'],
    ['u alone', press('u', 'KeyU'), null, 'firstUnread'],
    ['m alone', press('m', 'KeyM'), null, null],
    ['Ctrl+j', press('j', 'KeyJ', 'c'), null, null],
  ])('%s', (_, event, before, act) => {
    expect(singleOf(event, before)).toBe(act);
  });
});

test('no key means two things', () => {
  const all = bindings.flatMap(({ chords, single }) => [...chords, ...single]);
  expect(new Set(all).size).toBe(all.length);
});
