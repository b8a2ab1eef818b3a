// The journal: every call and webhook, newest first, live. A line is drawn anew when it changed; what was opened stays
// open.
import { at, dateTime, make, settled, timeWithSeconds } from '/page/shared/page.js';
import { pretty } from './json.js';

/** Lines beyond this go while new ones come. */
const MOST = 400;

const lines = new Map();
const opened = new Set();
let before = null;
let isHeld = false;
let held = new Map();
let apps = new Map();
let accounts = new Map();
let isFirst = true;

export const journal = {
  onquery: () => {},

  query() {
    const query = { text: at('find-text').value.trim() };
    for (const [name, id] of [['kind', 'find-kind'], ['account', 'find-account'], ['app', 'find-app']]) {
      if (at(id).value) query[name] = at(id).value;
    }
    if (at('find-trouble').checked) query.trouble = true;
    if (at('find-faults').checked) query.faults = true;
    if (!at('find-time').checked) query.quiet = true;
    return query;
  },

  restart() {
    isFirst = true;
    setHeld(false);
  },

  showPage(page) {
    if (isHeld) return;
    lines.clear();
    before = page.before;
    for (const line of page.lines) lines.set(line.order, line);
    at('lines').replaceChildren(...page.lines.map(draw));
    showEmpty();
    at('older').hidden = before === null;
    // A search that found little so far goes on by itself.
    if (isFirst && before !== null && lines.size < 20) older(8);
    isFirst = false;
  },

  showChanged(changed) {
    if (isHeld) {
      for (const line of changed) held.set(line.order, line);
      showHeld();
      return;
    }
    put(changed);
  },

  /** Names for apps and accounts, and what there is to choose from. */
  know(state) {
    const known = JSON.stringify([state.apps, state.accounts.map((a) => [a.id, a.name])]);
    if (known === this.known) return;
    this.known = known;
    apps = new Map(state.apps.map((app) => [app.id, app.name]));
    accounts = new Map(state.accounts.map((account) => [account.id, account.name]));
    choices('find-account', 'All accounts', accounts);
    choices('find-app', 'All apps', apps);
    for (const line of lines.values()) redraw(line);
  },
};

function choices(id, all, names) {
  const chosen = at(id).value;
  at(id).replaceChildren(new Option(all, ''), ...[...names].map(([value, name]) => new Option(name, value)));
  at(id).value = chosen;
}

function put(changed) {
  // Newest first in the message; the older go in first, so that each finds its place at the top.
  for (const line of [...changed].reverse()) {
    const isNew = !lines.has(line.order);
    lines.set(line.order, line);
    if (!isNew) {
      redraw(line);
      continue;
    }
    const row = draw(line);
    row.classList.add('fresh');
    const next = [...at('lines').children].find((other) => Number(other.dataset.order) < line.order);
    at('lines').insertBefore(row, next ?? null);
  }
  while (lines.size > MOST) {
    const last = at('lines').lastElementChild;
    lines.delete(Number(last.dataset.order));
    last.remove();
    before = Number(at('lines').lastElementChild.dataset.order);
    at('older').hidden = false;
  }
  showEmpty();
}

function redraw(line) {
  const old = at('lines').querySelector(`[data-order="${line.order}"]`);
  if (!old) return;
  const had = old.contains(document.activeElement);
  const row = draw(line);
  old.replaceWith(row);
  if (had) row.firstElementChild.focus();
}

function showEmpty() {
  const none = at('lines').querySelector('.empty');
  if (lines.size) none?.remove();
  else if (!none) at('lines').append(make('li', { className: 'empty row', textContent: 'Nothing like that so far. It appears here as it happens.' }));
}

function draw(line) {
  const row = make('button', { type: 'button', className: 'row' },
    make('time', { className: 'num', textContent: timeWithSeconds(line.at_ms), title: dateTime(line.at_ms) }),
    make('span', { className: 'arrow', textContent: line.kind === 'call' ? '→' : '←', title: line.kind === 'call' ? 'An app calls Graph' : 'Meta tells an app' }),
    make('span', { className: 'app cut', textContent: apps.get(line.app_id) ?? (line.app_id || 'no app') }),
    what(line),
    make('span', { className: 'who cut', textContent: line.who ?? accounts.get(line.page_id) ?? '', dir: 'auto' }),
    make('span', { className: 'marks' }, marks(line)));
  const isOpen = opened.has(line.order);
  row.setAttribute('aria-expanded', String(isOpen));
  const item = make('li', { className: line.kind, data: { order: line.order, test: 'line' } }, row, isOpen ? more(line) : null);
  row.onclick = () => {
    if (!opened.delete(line.order)) opened.add(line.order);
    redraw(lines.get(line.order));
  };
  return item;
}

function what(line) {
  if (line.kind === 'call') {
    return make('span', { className: 'what cut', title: line.path }, make('em', { textContent: `${line.method} ` }), line.path);
  }
  const kinds = Object.keys(line.event).filter((key) => !['sender', 'recipient', 'timestamp', 'object', 'field', 'value'].includes(key));
  const text = line.event.message?.text ?? line.event.postback?.title ?? line.event.message_edit?.text ?? '';
  const echo = line.event.message?.is_echo ? ' echo' : '';
  return make('span', { className: 'what cut', title: text },
    kinds.join(' ') || line.event.field || line.field, make('em', { textContent: `${echo} ${line.list === 'standby' ? 'standby ' : ''}${text}` }));
}

function marks(line) {
  const found = line.faults.map((fault) => mark('warn', fault.effect.replaceAll('_', ' '), `Rule ${fault.rule}`));
  if (line.kind === 'call') {
    if (line.status) found.push(mark(line.status < 400 ? 'good' : 'bad', line.status));
    else if (line.ended_ms) found.push(mark('bad', 'cut off'));
    else found.push(mark('', 'open'));
    const error = line.answer?.error;
    if (error) found.unshift(mark('bad', [error.code, error.error_subcode].filter(Boolean).join(' / '), error.message));
    return found;
  }
  const failed = line.tries.filter((one) => one.status !== 200).length;
  if (failed) found.push(mark('bad', `${failed} failed`));
  const fates = { pending: ['', 'on its way'], delivered: ['good', '200'], dropped: ['bad', 'dropped'], unsubscribed: ['bad', 'unsubscribed'] };
  const [className, words] = fates[line.fate] ?? ['', line.fate];
  found.push(mark(className, words));
  return found;
}

function mark(className, words, title = '') {
  return make('span', { className: `mark ${className}`, textContent: words, title });
}

function more(line) {
  const parts = line.kind === 'call'
    ? [['Asked', line.params], [ended(line), line.answer]]
    : [[`${line.field}, for ${apps.get(line.app_id) ?? line.app_id} in ${line.list}`, line.event], ...(line.tries.length ? [['Tries', tries(line)]] : [])];
  return make('div', { className: 'more', data: { test: 'more' } },
    parts.flatMap(([title, value]) => [make('h3', { textContent: title }), typeof value === 'string' ? make('p', { textContent: value }) : pretty(value)]));
}

function ended(line) {
  if (!line.ended_ms) return 'Not answered yet';
  const took = `${line.ended_ms - line.at_ms} ms`;
  return line.status ? `Answered ${line.status} after ${took}` : `Cut off after ${took}`;
}

function tries(line) {
  return line.tries.map((one) => `${timeWithSeconds(one.at_ms)} ${one.status ?? 'no answer'}`).join(' · ');
}

// Older lines

async function older(pages = 1) {
  if (before === null) return;
  at('older').disabled = true;
  const query = new URLSearchParams({ ...journal.query(), before });
  const answer = await fetch(`/control-room/journal?${query}`).catch(() => null);
  at('older').disabled = false;
  if (!answer?.ok) return;
  const page = await answer.json();
  before = page.before;
  for (const line of page.lines) {
    lines.set(line.order, line);
    at('lines').append(draw(line));
  }
  showEmpty();
  at('older').hidden = before === null;
  if (pages > 1 && lines.size < 20) await older(pages - 1);
}
at('older').onclick = () => older();

// Hold: nothing moves while somebody reads

function setHeld(on) {
  isHeld = on;
  at('hold').setAttribute('aria-pressed', String(on));
  at('hold').textContent = on ? 'Go on' : 'Hold';
  if (!on) {
    const waiting = [...held.values()].sort((a, b) => b.order - a.order);
    held = new Map();
    if (waiting.length && !isFirst) put(waiting);
  }
  showHeld();
}

function showHeld() {
  at('journal-state').textContent = isHeld ? `Held. ${held.size} new or changed.` : '';
}
at('hold').onclick = () => setHeld(!isHeld);

// Looking for something

const changed = () => journal.onquery();
at('find-text').oninput = settled(changed);
for (const id of ['find-kind', 'find-account', 'find-app', 'find-trouble', 'find-faults', 'find-time']) at(id).onchange = changed;
at('journal-find').onsubmit = (event) => event.preventDefault();
