/** The pure parts of the composer and its draft. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { DAY, HOUR, MINUTE, NOW } from '../../test/people';
import { composer } from '../../test/said';
import { placeAfter } from './caret-stays';
import { Draft } from './draft.svelte';
import { policyLine } from './policy';
import { pressMeans } from './press';

describe('the line on time', () => {
  test('free, with the nearest deadline first', () => {
    const line = policyLine(composer(), NOW);
    expect(line.rest).toMatch(/^Free until tomorrow .*, late reply until Fri/);
    expect(line.tone).toBe('plain');
  });

  test('free, but not for long', () => {
    const line = policyLine(composer({ freeUntilMs: NOW + 2 * HOUR + 10 * MINUTE }), NOW);
    expect(line).toMatchObject({ lead: '2 h 10 min left to reply freely', tone: 'warn' });
  });

  test('late', () => {
    const late = composer({
      verdict: 'humanAgent',
      lateUntilMs: NOW + 5 * DAY + 18 * HOUR - 1_000,
    });
    expect(policyLine(late, NOW).lead).toBe(
      'Late reply, 5 days 18 h left. It leaves marked as written by a person.',
    );
  });

  test('refused, with the reason and what can be done', () => {
    const words = { what: 'The customer last wrote 8 days ago.', action: 'Wait for the customer.' };
    const line = policyLine(composer({ verdict: 'refused', words }), NOW);
    expect(line).toEqual({ lead: words.what, rest: words.action, tone: 'bad' });
  });

  test('an account without late replies speaks of none', () => {
    expect(policyLine(composer({ lateUntilMs: null }), NOW).rest).not.toContain('late');
  });
});

describe('keys in the composer', () => {
  const press = (key: string, over = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    isComposing: false,
    keyCode: 0,
    ...over,
  });

  test.each([
    ['Enter', {}, true, 'stay'],
    ['Enter', { shiftKey: true }, true, 'text'],
    ['Enter', {}, false, 'text'],
    ['Enter', { shiftKey: true }, false, 'stay'],
    ['Enter', { ctrlKey: true }, true, 'next'],
    ['Enter', { metaKey: true }, false, 'next'],
    ['Enter', { ctrlKey: true, shiftKey: true }, true, 'done'],
    ['Enter', { isComposing: true }, true, 'text'],
    ['Enter', { keyCode: 229 }, true, 'text'],
    ['Escape', {}, true, 'stepOut'],
    ['Escape', { isComposing: true }, true, 'text'],
    ['j', {}, true, 'text'],
  ] as const)('%s %o, Enter sends: %s → %s', (key, over, enterSends, means) => {
    expect(pressMeans(press(key, over), enterSends)).toBe(means);
  });
});

test.each([
  ['typed', 'First\n\ntyped', 5, 12],
  ['typed', 'First\n\ntyped', 0, 7],
  ['First\n\ntyped', 'First\nSecond\n\ntyped', 12, 19],
  ['First\n\ntyped', 'First\nSecond\n\ntyped', 2, 2],
  ['sent and', ' and', 8, 4],
  ['sent', '', 4, 0],
  ['So ', 'So far', 3, 6],
])(
  'the caret stays with what it stands in: %j becomes %j, %i goes to %i',
  (before, now, at, to) => {
    expect(placeAfter(before, now, at)).toBe(to);
  },
);

describe('the draft', () => {
  let host: FakeHost;
  let draft: Draft;
  const saves = () => host.asked('saveDraft').map(({ text }) => text);

  beforeEach(() => {
    vi.useFakeTimers();
    host = new FakeHost();
    draft = new Draft(host, 4);
    draft.hear(composer());
    return () => vi.useRealTimers();
  });

  test('is saved once, 300 ms after the last letter', async () => {
    draft.type('H');
    draft.type('Hello');
    await vi.advanceTimersByTimeAsync(299);
    expect(saves()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(saves()).toEqual(['Hello']);
  });

  test('of somebody who writes without a pause is saved every 2 s', async () => {
    const written = 'Hello Mara, your parcel left us this morning.';
    for (let at = 1; at <= written.length; at += 1) {
      draft.type(written.slice(0, at));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(saves()).toEqual([written.slice(0, 20), written.slice(0, 40)]);
    await vi.advanceTimersByTimeAsync(300);
    expect(saves().at(-1)).toBe(written);
  });

  test('is saved at once when the composer loses the focus', async () => {
    draft.type('Hello');
    draft.focus(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(saves()).toEqual(['Hello']);
  });

  test('what is being written stays when an answer of the host brings an older text', () => {
    draft.type('Hello');
    draft.hear(composer({ draft: 'Hel' }));
    expect(draft.text).toBe('Hello');
  });

  test('a reply that came back is shown in an empty composer', async () => {
    draft.type('Hello');
    await draft.send('Hello', () => Promise.resolve());
    draft.hear(composer({ draft: 'Hello', draftWords: { what: 'It did not leave.', action: '' } }));
    expect(draft.text).toBe('Hello');
  });

  test('a reply that came back stands before what is being written', () => {
    draft.type('Next');
    draft.hear(composer({ draft: 'First', draftWords: { what: 'It did not leave.', action: '' } }));
    expect(draft.text).toBe('First\n\nNext');
  });

  test('replies that came back stand in the order in which they were sent, before what is being written', () => {
    const draftWords = { what: 'It did not leave.', action: '' };
    draft.hear(composer({ draft: 'First', draftWords }));
    draft.type('First\n\nNext');
    draft.hear(composer({ draft: 'First\nSecond', draftWords }));
    expect(draft.text).toBe('First\nSecond\n\nNext');
    expect(draft.cameBetween).toBe(true);
  });

  test('one that the host has after what was written and saved stands before it all the same, and is saved so', async () => {
    const draftWords = { what: 'It did not leave.', action: '' };
    draft.type('Next');
    draft.hear(composer({ draft: 'First', draftWords }));
    await vi.advanceTimersByTimeAsync(300);
    expect(saves()).toEqual(['First\n\nNext']);
    draft.hear(composer({ draft: 'First\n\nNext\nSecond', draftWords }));
    expect(draft.text).toBe('First\nSecond\n\nNext');
    await vi.advanceTimersByTimeAsync(300);
    expect(saves().at(-1)).toBe('First\nSecond\n\nNext');
  });

  test('who goes on writing in what came back writes that: the next one stands before it', () => {
    const draftWords = { what: 'It did not leave.', action: '' };
    draft.hear(composer({ draft: 'First', draftWords }));
    draft.type('First, and more');
    draft.hear(composer({ draft: 'First\nSecond', draftWords }));
    expect(draft.text).toBe('Second\n\nFirst, and more');
  });

  test('where nothing is being written nothing is kept back', () => {
    draft.hear(composer({ draft: 'First', draftWords: { what: 'It did not leave.', action: '' } }));
    expect(draft.cameBetween).toBe(false);
  });

  test('after a send an answer read before it does not bring the text back', async () => {
    draft.type('Hello');
    const asked = draft.reading();
    await draft.send('Hello', () => Promise.resolve());
    draft.hear(composer({ draft: 'Hello' }), asked);
    expect(draft.text).toBe('');
  });

  test('a reply that came back before a saved draft does not double what is being written', async () => {
    draft.type('Next');
    await vi.advanceTimersByTimeAsync(300);
    draft.type('Next one');
    draft.hear(
      composer({ draft: 'First\n\nNext', draftWords: { what: 'It did not leave.', action: '' } }),
    );
    expect(draft.text).toBe('First\n\nNext one');
  });

  test.each(['No, sorry', 'Next week', 'Next'])(
    'whatever it begins with (%s), it does not get into what is being written',
    async (first) => {
      draft.type('Next');
      await vi.advanceTimersByTimeAsync(300);
      draft.type('Next one');
      draft.hear(
        composer({
          draft: `${first}\n\nNext`,
          draftWords: { what: 'It did not leave.', action: '' },
        }),
      );
      expect(draft.text).toBe(`${first}\n\nNext one`);
    },
  );

  test('one that the host put between what came back before and what was written stands there, and nothing is doubled', async () => {
    const draftWords = { what: 'It did not leave.', action: '' };
    draft.type('Next');
    draft.hear(composer({ draft: 'First', draftWords }));
    await vi.advanceTimersByTimeAsync(300);
    draft.type('First\n\nNext one');
    draft.hear(composer({ draft: 'First\nSecond\n\nNext', draftWords }));
    expect(draft.text).toBe('First\nSecond\n\nNext one');
    await vi.advanceTimersByTimeAsync(300);
    draft.hear(composer({ draft: 'First\nSecond\nThird\n\nNext one', draftWords }));
    expect(draft.text).toBe('First\nSecond\nThird\n\nNext one');
  });

  test('one that was pressed before what came back stands before it, as at the host', async () => {
    const draftWords = { what: 'It did not leave.', action: '' };
    draft.type('Next');
    draft.hear(composer({ draft: 'Second', draftWords }));
    await vi.advanceTimersByTimeAsync(300);
    draft.hear(composer({ draft: 'First\n\nSecond\n\nNext', draftWords }));
    expect(draft.text).toBe('First\n\nSecond\n\nNext');
    await vi.advanceTimersByTimeAsync(300);
    expect(saves()).toEqual(['Second\n\nNext']);
  });

  test('what was typed before the draft was read stands behind what came back, an empty line between them', () => {
    draft.type('Next');
    draft.hear(composer({ draft: 'First', draftWords: { what: 'It did not leave.', action: '' } }));
    expect(draft.text).toBe('First\n\nNext');
  });

  test('an answer that says nothing is asked for again', async () => {
    draft.again = vi.fn();
    const asked = draft.reading();
    draft.type('Hello');
    await draft.save();
    draft.hear(composer({ draft: '' }), asked);
    expect(draft.text).toBe('Hello');
    expect(draft.again).toHaveBeenCalledOnce();
  });

  test('letters typed while the send was on its way stay', async () => {
    draft.type('Hello');
    const sent = draft.send('Hello', () => Promise.resolve());
    draft.type('Hello and');
    await sent;
    expect(draft.text).toBe(' and');
  });

  test('the time of writing counts only with the focus and with text', async () => {
    draft.focus(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(draft.composedMs).toBe(0);
    draft.type('H');
    await vi.advanceTimersByTimeAsync(2_000);
    draft.focus(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(draft.composedMs).toBe(2_000);
  });

  test('a save that failed is said, and tried again with the next letter', async () => {
    host.answers.saveDraft = () => {
      throw refuse('storage', 'The disk is full.');
    };
    draft.type('Hello');
    await vi.advanceTimersByTimeAsync(300);
    expect(draft.failed).toBe(true);
    host.answers.saveDraft = () => null;
    draft.type('Hello.');
    await vi.advanceTimersByTimeAsync(300);
    expect(draft.failed).toBe(false);
  });

  describe('when a reply comes back in the very moment of a write', () => {
    const words = { what: 'It did not leave.', action: '' };
    let stored: string;
    /** As the desk does it: what was not shown is not replaced. */
    const take = (basedOn: string, text: string) => {
      if (stored !== '' && stored !== basedOn) throw refuse('draftChanged', 'A reply came back.');
      stored = text;
    };
    const comesBack = (text: string) => {
      stored = [text, stored].filter(Boolean).join('\n\n');
    };

    beforeEach(() => {
      stored = '';
      host.answers.saveDraft = ({ text, basedOn }) => {
        take(basedOn, text);
        return null;
      };
      host.answers.composer = () => composer({ draft: stored, draftWords: stored ? words : null });
    });

    test('a save of the older text keeps both, what came back first', async () => {
      draft.type('Next');
      comesBack('First');
      await vi.advanceTimersByTimeAsync(300);
      expect(draft.text).toBe('First\n\nNext');
      expect(draft.failed).toBe(false);
      await vi.advanceTimersByTimeAsync(300);
      expect(stored).toBe('First\n\nNext');
    });

    test('a save of what goes on an older text keeps both, and doubles nothing', async () => {
      draft.type('Next');
      await vi.advanceTimersByTimeAsync(300);
      draft.type('Next one');
      comesBack('First');
      await vi.advanceTimersByTimeAsync(600);
      expect(draft.text).toBe('First\n\nNext one');
      expect(stored).toBe('First\n\nNext one');
    });

    test('clearing the composer does not clear what came back', async () => {
      draft.type('Next');
      await vi.advanceTimersByTimeAsync(300);
      draft.type('');
      comesBack('First');
      await vi.advanceTimersByTimeAsync(600);
      expect(draft.text).toBe('First');
      expect(stored).toBe('First');
    });

    test('a reply that is pressed stays, behind what came back', async () => {
      draft.type('Next');
      await vi.advanceTimersByTimeAsync(300);
      comesBack('First');
      const sent = draft.send('Next', (basedOn) => Promise.resolve(take(basedOn, '')));
      await expect(sent).rejects.toMatchObject({ code: 'draftChanged' });
      expect(draft.text).toBe('First\n\nNext');
      await draft.send(draft.text, (basedOn) => Promise.resolve(take(basedOn, '')));
      expect([draft.text, stored]).toEqual(['', '']);
    });

    test('where it cannot be read, what is written here stays, and is said not to be saved', async () => {
      host.answers.composer = () => {
        throw refuse('storage', 'The disk does not answer.');
      };
      draft.type('Next');
      comesBack('First');
      await vi.advanceTimersByTimeAsync(300);
      expect([draft.text, draft.failed, stored]).toEqual(['Next', true, 'First']);
    });
  });

  test('a save waits for the one before it, and goes out from its text', async () => {
    const waiting: (() => void)[] = [];
    host.answers.saveDraft = () => new Promise((resolve) => waiting.push(() => resolve(null)));
    draft.type('One');
    draft.focus(false);
    draft.type('One, two');
    draft.focus(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(host.asked('saveDraft')).toEqual([
      { thread: 4, text: 'One', basedOn: '' },
      { thread: 4, text: 'One, two', basedOn: 'One' },
    ]);
  });

  test('a save of which nobody knows whether it was kept is not joined with what goes on from it', async () => {
    host.answers.saveDraft = () => {
      throw refuse('storage', 'The disk did not answer.');
    };
    draft.type('Hello');
    await vi.advanceTimersByTimeAsync(300);
    draft.type('Hallo');
    draft.hear(composer({ draft: 'Hello', draftWords: { what: 'Told long ago.', action: '' } }));
    expect(draft.text).toBe('Hallo');
  });
});
