/**
 * The keys of the page: one table, from which they are matched and shown.
 *
 * Promises: chords work everywhere; single keys only where no text is written, and only when they are on.
 * Letters are matched by what they write on Latin layouts, by their place on others.
 */
import { pageKeys } from '$features/thread/scroll-keys';
import { words } from '$lib/words';

export type KeyAct =
  | 'nextToDo'
  | 'nextThread'
  | 'previousThread'
  | 'help'
  | 'done'
  | 'snooze'
  | 'waits'
  | 'label'
  | 'unread'
  | 'assignMe'
  | 'assign'
  | 'note'
  | 'urgent'
  | 'escalate'
  | 'take'
  | 'pass'
  | 'passTo'
  | 'release'
  | 'keep'
  | 'reply'
  | 'block'
  | 'quote'
  | 'react'
  | 'offerAnswers'
  | 'seen'
  | 'viewMine'
  | 'viewUnassigned'
  | 'viewMentions'
  | 'viewEndingSoon'
  | 'viewAll'
  | 'viewTooLate'
  | 'viewSnoozed'
  | 'viewDone'
  | 'viewBlocked'
  | 'board'
  | 'filter'
  | 'search'
  | 'find'
  | 'newest'
  | 'firstUnread'
  | 'day'
  | 'attach'
  | 'presence'
  | 'quiet'
  | 'settings';

/** What an act is about: under which heading the help lists it. */
export type KeyGroup = 'goOn' | 'answer' | 'handle' | 'control' | 'views' | 'program';

export type Binding = { act: KeyAct; group: KeyGroup; chords: string[]; single: string[] };

type Keys = Omit<Binding, 'group'>;

const of = (group: KeyGroup, keys: Keys[]): Binding[] => keys.map((one) => ({ ...one, group }));

export const bindings: Binding[] = [
  ...of('goOn', [
    { act: 'nextToDo', chords: ['Ctrl+J'], single: [] },
    { act: 'nextThread', chords: ['Alt+ArrowDown'], single: ['j'] },
    { act: 'previousThread', chords: ['Alt+ArrowUp'], single: ['k'] },
    { act: 'search', chords: ['Ctrl+Shift+F'], single: ['/'] },
    { act: 'find', chords: ['Ctrl+F'], single: [] },
    { act: 'newest', chords: ['Alt+End'], single: [] },
    { act: 'firstUnread', chords: ['Alt+Home'], single: ['u'] },
    { act: 'day', chords: ['Ctrl+Shift+G'], single: ['d'] },
  ]),
  ...of('answer', [
    { act: 'reply', chords: [], single: ['r'] },
    { act: 'note', chords: ['Ctrl+Shift+N', 'Alt+N'], single: ['n'] },
    { act: 'quote', chords: ['Alt+R'], single: ['q'] },
    { act: 'react', chords: ['Alt+L'], single: ['x'] },
    { act: 'offerAnswers', chords: ['Alt+Q'], single: [] },
    { act: 'attach', chords: ['Alt+A'], single: [] },
    { act: 'seen', chords: ['Alt+S'], single: ['s'] },
  ]),
  ...of('handle', [
    { act: 'done', chords: ['Ctrl+Shift+E'], single: ['e'] },
    { act: 'snooze', chords: ['Ctrl+Shift+H'], single: ['h'] },
    { act: 'waits', chords: ['Alt+W'], single: ['w'] },
    { act: 'label', chords: ['Ctrl+Shift+L'], single: ['l'] },
    { act: 'unread', chords: ['Ctrl+Shift+M'], single: ['Shift+m'] },
    { act: 'assignMe', chords: ['Ctrl+Shift+I'], single: ['i'] },
    { act: 'assign', chords: ['Ctrl+Shift+A'], single: ['a'] },
    { act: 'urgent', chords: ['Alt+U'], single: ['!'] },
    { act: 'escalate', chords: ['Alt+E'], single: ['Shift+e'] },
    { act: 'block', chords: ['Ctrl+Shift+B'], single: ['b'] },
  ]),
  ...of('control', [
    { act: 'take', chords: ['Ctrl+Shift+T'], single: ['t'] },
    { act: 'pass', chords: ['Ctrl+Shift+P'], single: ['Shift+t'] },
    { act: 'passTo', chords: ['Ctrl+Shift+O'], single: ['p'] },
    { act: 'release', chords: ['Ctrl+Shift+Y'], single: ['y'] },
    { act: 'keep', chords: ['Ctrl+Shift+K'], single: ['Shift+y'] },
  ]),
  // In the order in which they stand in the rail.
  ...of('views', [
    { act: 'viewMine', chords: ['Ctrl+1'], single: ['g m'] },
    { act: 'viewUnassigned', chords: ['Ctrl+2'], single: ['g u'] },
    { act: 'viewMentions', chords: ['Ctrl+3'], single: ['g n'] },
    { act: 'viewEndingSoon', chords: ['Ctrl+4'], single: ['g e'] },
    { act: 'viewAll', chords: ['Ctrl+5'], single: ['g a'] },
    { act: 'viewTooLate', chords: ['Ctrl+6'], single: ['g l'] },
    { act: 'viewSnoozed', chords: ['Ctrl+7'], single: ['g s'] },
    { act: 'viewDone', chords: ['Ctrl+8'], single: ['g d'] },
    { act: 'viewBlocked', chords: ['Ctrl+9'], single: ['g b'] },
    { act: 'board', chords: ['Ctrl+0'], single: ['g o'] },
    { act: 'filter', chords: ['Alt+F'], single: ['f'] },
  ]),
  ...of('program', [
    { act: 'presence', chords: ['Alt+P'], single: [] },
    { act: 'quiet', chords: ['Alt+D'], single: [] },
    { act: 'settings', chords: ['Ctrl+,'], single: [] },
    { act: 'help', chords: ['Ctrl+/'], single: ['?'] },
  ]),
];

const MAC = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** A key as it is written for people: "Alt+↓", "Shift+M". */
export function shownKey(key: string): string {
  return key
    .replace('ArrowDown', '↓')
    .replace('ArrowUp', '↑')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('Ctrl', MAC ? 'Cmd' : 'Ctrl')
    .replace(/Shift\+([a-z])$/, (_, letter: string) => `Shift+${letter.toUpperCase()}`);
}

/** A label with the key of its act, for a tooltip. */
export function withKey(label: string, act: KeyAct): string {
  const chord = chordFor(act);
  return chord ? `${label} (${shownKey(chord)})` : label;
}

/** The key of an act as it is shown; null for one without. */
export function keyOf(act: KeyAct): string | null {
  const chord = chordFor(act);
  return chord === undefined ? null : shownKey(chord);
}

/** The key of an act as screen readers know it. */
export function ariaKey(act: KeyAct): string | undefined {
  return chordFor(act)?.replace('Ctrl', MAC ? 'Meta' : 'Control');
}

function chordFor(act: KeyAct): string | undefined {
  return bindings.find((binding) => binding.act === act)?.chords[0];
}

/** One line of the help. `single`: where no text is written. */
export type KeyLine = { label: string; chords: string[]; single: string[] };
export type KeyPart = { group: KeyGroup | 'writing' | 'board' | 'picking'; lines: KeyLine[] };

/** Every key with its words, under headings; `onBoard`: those of the board first. */
export function allKeys(enterSends: boolean, onBoard = false): KeyPart[] {
  const w = words.keys;
  const steps = ['ArrowUp', 'ArrowDown', 'Home', 'End'];
  const writes = (label: string, key: string) => ({ label, chords: [key], single: [] });
  const inList = (label: string, ...single: string[]) => ({ label, chords: [], single });
  const bound = (group: KeyGroup, ...more: KeyLine[]): KeyPart => {
    const lines = bindings.filter((one) => one.group === group);
    return {
      group,
      lines: [
        ...lines.map(({ act, chords, single }) => ({ label: w[act], chords, single })),
        ...more,
      ],
    };
  };
  const writing: KeyPart = {
    group: 'writing',
    lines: [
      writes(w.send, enterSends ? 'Enter' : 'Shift+Enter'),
      writes(w.sendNext, 'Ctrl+Enter'),
      writes(w.sendDone, 'Ctrl+Shift+Enter'),
      writes(w.canned, '/'),
      writes(w.emoji, ':'),
      writes(w.mention, '@'),
    ],
  };
  const board: KeyPart = {
    group: 'board',
    lines: [
      inList(w.boardCards, 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'),
      { label: w.boardGive, chords: ['Ctrl+Shift+A'], single: ['a'] },
    ],
  };
  const picking: KeyPart = {
    group: 'picking',
    lines: [
      { label: w.pick, chords: ['Ctrl+Space'], single: ['x'] },
      inList(w.pickOn, 'Shift+ArrowUp', 'Shift+ArrowDown'),
      inList(w.pickAll, 'Ctrl+A'),
    ],
  };
  return [
    ...(onBoard ? [board, picking] : []),
    writing,
    bound(
      'goOn',
      inList(w.pages, ...pageKeys),
      inList(w.scroll, ...steps),
      inList(w.rows, ...pageKeys, ...steps),
      writes(w.stepOut, 'Esc'),
    ),
    bound('answer'),
    bound('handle', inList(w.undo, 'Ctrl+Z')),
    bound('control'),
    bound('views'),
    ...(onBoard ? [] : [picking, board]),
    bound('program', writes(w.labels, 'Alt')),
  ];
}

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'isComposing'
>;

/** The letter or name of the key, whatever the layout. */
function keyName(event: Pressed): string {
  if (event.key === '/') return event.key;
  if (event.key.length !== 1 || /[\x21-\x7e]/.test(event.key)) {
    // With Shift, digits and signs differ by layout; their place is meant.
    return /^Digit\d$/.test(event.code) && event.ctrlKey ? event.code.slice(5) : event.key;
  }
  if (event.code.startsWith('Key')) return event.code.slice(3).toLowerCase();
  if (event.code.startsWith('Digit')) return event.code.slice(5);
  return event.code === 'Slash' ? '/' : event.code === 'Comma' ? ',' : event.key;
}

/** The act of a chord; null for anything else. */
export function chordOf(event: Pressed): KeyAct | null {
  if (event.isComposing) return null;
  const mod = event.ctrlKey || event.metaKey;
  if (!mod && !event.altKey) return null;
  const name = keyName(event);
  const parts = [mod && 'Ctrl', event.altKey && 'Alt', event.shiftKey && 'Shift'].filter(Boolean);
  const written = name.length === 1 ? name.toUpperCase() : name;
  const chord = [...parts, written].join('+');
  // Ctrl+/ needs Shift on some layouts.
  const loose = written === '/' ? 'Ctrl+/' : chord;
  return bindings.find(({ chords }) => chords.includes(loose))?.act ?? null;
}

/** The act of a single key, given the key before it; null for anything else. */
export function singleOf(event: Pressed, before: string | null): KeyAct | null {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
  const name = keyName(event);
  const key = /^[a-z]$/i.test(name) && event.shiftKey ? `Shift+${name.toLowerCase()}` : name;
  if (before === 'g')
    return bindings.find(({ single }) => single.includes(`g ${key}`))?.act ?? null;
  return bindings.find(({ single }) => single.includes(key))?.act ?? null;
}

/** True where letters are text. */
export function writesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('input, textarea, select, [contenteditable=true]');
}
