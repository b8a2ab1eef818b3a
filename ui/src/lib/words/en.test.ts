/** Names and texts of people stand in our sentences without turning them round. */
import { expect, test } from 'vitest';
import { isolated } from '$lib/format/bidi';
import { words } from '.';

const NAME = 'דנה (2)';
const ISOLATED = `\u2068${NAME}\u2069`;

test.each<[string, string]>([
  ['the title', words.title(2, NAME)],
  ['joining', words.firstRun.joinTitle(NAME)],
  ['connecting', words.firstRun.accountTitle(NAME)],
  ['one account', words.rail.onlyAccount(NAME)],
  ['who is signed in', words.rail.signedIn(NAME, 'Northwind', 'https://relay.example')],
  ['the default app', words.owner.idleThen(NAME)[1] ?? ''],
  ['passing', words.acts.passToDefault(NAME)],
  ['passing, held', words.acts.held.passToDefault('Teabot', NAME)],
  ['passing to Meta’s inbox', words.acts.held.passToInbox('Page Inbox', NAME)],
  ['passing to another app', words.acts.held.passToApp(NAME, 'Mara')],
  ['whom to pass', words.acts.passing.title(NAME)],
  ['releasing', words.acts.held.release(NAME)],
  ['the thread', words.thread.region(NAME)],
  ['assigned', words.thread.assigned(NAME)],
  ['given back', words.thread.unassigned(NAME)],
  ['done', words.thread.wasDone(NAME)],
  ['open again', words.thread.wasReopened(NAME)],
  ['unread', words.thread.wasUnread(NAME)],
  ['the composer', words.composer.placeholder(NAME)],
  ['a doubtful reply', words.composer.despite(NAME)],
  ['a file of a reply', words.composer.removeFile(NAME)],
  ['a file that was not added', words.composer.notAdded(NAME)],
  ['the assignee', words.details.youAre(NAME)],
  ['a note that was added', words.notes.added(NAME)],
  ['giving out', words.accounts.queue.giveOut.title(NAME)],
  ['given out in turn', words.accounts.queue.chosen.roundRobin(NAME)],
  ['not given out', words.accounts.queue.chosen.manual(NAME)],
  ['renaming', words.details.renameTitle(NAME)],
  ['renamed', words.details.renaming(NAME)],
  ['a colleague who looks', words.presence.lookingAt([{ name: NAME, doing: 'reads' }])],
  ['a colleague who is here', words.presence.here([{ name: NAME, doing: 'writesNote' }])],
  ['a colleague who replies', words.presence.replies([NAME])],
  ['who set one offline', words.presence.setOffline(NAME, 2)],
  ['setting offline', words.returning.title(NAME)],
  ['set offline', words.returning.did(NAME, 3)],
  ['accounts that failed', words.returning.failed([NAME], 'why')],
  ['a draft that was handed over', words.handed.title(NAME)],
  ['a reply on another desk', words.replyWaits.on(NAME)],
  ['given to somebody', words.assigning.given(NAME, 'Ada')],
  ['whose it is now', words.assigning.given('Paula', NAME)],
  ['whom to give', words.assigning.title(NAME)],
  ['a colleague’s thread', words.assigning.theirs(NAME)],
  ['a colleague’s to give', words.assigning.theirsToGive(NAME)],
  ['urgent', words.priority.isUrgent(NAME)],
  ['not urgent any more', words.priority.isNot(NAME)],
  ['escalating', words.priority.escalateTitle(NAME)],
  ['escalated', words.priority.escalated(NAME)],
  ['a note about somebody', words.notes.label(NAME)],
  ['a note of somebody', words.notes.by(NAME)],
  ['waiting', words.thread.nowWaits(NAME)],
  ['snoozed', words.snooze.slept(NAME, 'tomorrow')],
  ['awake', words.snooze.woken(NAME)],
  ['its labels', words.labels.titleOf(NAME)],
  ['a label that goes', words.labels.removing(NAME)],
  ['a label that waits', words.labels.pending.puttingOn(NAME)],
  ['a filter', words.filter.only(NAME)],
  ['an empty list with a filter', words.emptyFiltered.then([NAME, 'VIP'])],
  ['a saved view', words.savedViews.open(NAME, 2)],
  ['a saved view that was removed', words.savedViews.removed(NAME)],
  ['many given', words.many.asks.assign(2, NAME)],
  ['many labelled', words.many.asks.putOn(2, NAME)],
  ['blocking, held', words.blocking.held.spam(NAME)],
  ['blocked', words.blocking.done.blocked(NAME)],
  ['a file', words.preview.file(NAME)],
  ['an answer to a story', words.preview.storyReply(NAME)],
  ['a button', words.preview.pressed(NAME)],
  ['a label', words.happened.labelSet(NAME)],
  ['a topic', words.happened.optedIn(NAME)],
  ['a link', words.kinds.cameWith('link', NAME)],
])('%s', (_, sentence) => {
  expect(sentence).toContain(ISOLATED);
});

test.each([
  ['Paula Rentsch', 'Paula Rentsch'],
  ['Zoë & Œuvre', 'Zoë & Œuvre'],
  ['👍🏽', '👍🏽'],
  ['أحمد', '\u2068أحمد\u2069'],
  ['𐤀𐤁', '\u2068𐤀𐤁\u2069'],
  // A name that would turn the rest of the sentence, or end its isolate early.
  ['\u202egpj.exe', '\u2068gpj.exe\u2069'],
  ['a\u2069b', '\u2068ab\u2069'],
])('"%s" is isolated as it needs to be', (text, as) => {
  expect(isolated(text)).toBe(as);
});
