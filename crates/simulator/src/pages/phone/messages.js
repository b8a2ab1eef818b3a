// The messages of a thread as the customer sees them, and what can be done with each.
import { at, dateTime, day, make, time } from '/page/shared/page.js';
import { content, firstWords, settleLinks } from './content.js';

const FEELINGS = { love: '❤️', like: '👍', smile: '😆', wow: '😮', sad: '😢', angry: '😠', dislike: '👎' };

let shown = '';
let isAtEnd = true;
let shownThread = '';
let thread = null;
let doing = null;
/** What is drawn, by key: `[what it was drawn from, its element]`. */
let drawn = new Map();

/** Draws a thread; `doing` has `act`, `reply` and `earlier`. */
export function drawMessages(told, how) {
  thread = { ...told, messages: told.messages.map(settleLinks) };
  doing = how;
  const now = JSON.stringify([thread.messages, thread.is_typing, thread.business_seen_ms, thread.earlier]);
  const isOther = thread.id !== shownThread;
  // While a menu is open its message stays as it is.
  if (now === shown && !isOther) return;
  shown = now;
  shownThread = thread.id;
  const list = at('messages');
  const fromEnd = list.scrollHeight - list.scrollTop;
  const wasAtEnd = isOther || isAtEnd;
  if (isOther) drawn = new Map();
  const openMenu = list.querySelector('details[open]')?.dataset.mid;
  settle(list, rows());
  const menu = openMenu && list.querySelector(`details[data-mid="${CSS.escape(openMenu)}"]`);
  if (menu && !menu.open) menu.setAttribute('open', '');
  list.scrollTop = wasAtEnd ? list.scrollHeight : list.scrollHeight - fromEnd;
}

// What loads late makes the list longer: who was at its end stays there.
at('messages').addEventListener('scroll', () => {
  const list = at('messages');
  isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
});
for (const event of ['load', 'loadedmetadata']) {
  at('messages').addEventListener(event, () => {
    if (isAtEnd) at('messages').scrollTop = at('messages').scrollHeight;
  }, true);
}

function rows() {
  const before = drawn;
  drawn = new Map();
  /** The element that was drawn from the same before, or a new one: who presses something on it does not lose it. */
  const kept = (key, from, draw) => {
    const [was, element] = before.get(key) ?? [];
    const now = JSON.stringify(from);
    drawn.set(key, [now, was === now ? element : draw()]);
    return drawn.get(key)[1];
  };
  if (!thread.messages.length && !thread.is_typing) {
    return [make('li', { className: 'empty', textContent: `Say something to ${thread.page_name}.` })];
  }
  const all = [];
  if (thread.earlier) {
    const more = make('button', { type: 'button', textContent: `${thread.earlier} earlier messages`, onclick: doing.earlier });
    all.push(make('li', { className: 'day' }, more));
  }
  let today = '';
  let from = null;
  thread.messages.forEach((message, index) => {
    const date = day(message.at_ms);
    if (date !== today) {
      all.push(kept(`day ${date}`, date, () => make('li', { className: 'day', textContent: date })));
      [today, from] = [date, null];
    }
    if (message.app_id && message.app_name !== from) {
      const { app_name } = message;
      all.push(kept(`from ${message.mid}`, app_name, () => make('li', { className: 'from', textContent: app_name })));
    }
    const turned = index > 0 && thread.messages[index - 1].app_id !== message.app_id;
    from = message.app_name;
    const isLast = index === thread.messages.length - 1;
    all.push(kept(message.mid, [message, isLast, turned, quoted(message)], () => row(message, isLast, turned)));
  });
  if (thread.is_typing) {
    all.push(make('li', { className: 'line', data: { test: 'typing' } }, make('div', { className: 'bubble typing', textContent: '•••', ariaLabel: 'Somebody is typing' })));
  }
  return all;
}

/** Puts the elements into the list, and moves none that stands where it belongs. */
function settle(list, wanted) {
  const staying = new Set(wanted);
  for (const child of [...list.children]) if (!staying.has(child)) child.remove();
  let next = list.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else list.insertBefore(element, next);
  }
}

function row(message, isLast, turned) {
  const classes = ['line', turned && !message.app_id && 'turned', !message.app_id && 'mine', message.app_name === 'Teabot' && 'bot'];
  const feelings = [message.reaction, message.page_reaction].filter(Boolean).join(' ');
  return make('li', {
    className: classes.filter(Boolean).join(' '),
    data: { test: 'message', mid: message.mid, from: message.app_id ?? 'customer', tag: message.tag ?? '' },
  },
  quote(message),
  make('div', { className: 'said', title: dateTime(message.at_ms) }, content(message, doing.act)),
  feelings && make('span', { className: 'feeling', textContent: feelings }),
  message.is_deleted ? null : menu(message),
  isLast && message.quick_replies.length ? quickReplies(message) : null,
  ticks(message, isLast));
}

function quote(message) {
  if (message.story_url) return make('div', { className: 'quote', textContent: 'Reply to their story' });
  if (!message.reply_to) return null;
  return make('div', { className: 'quote cut', textContent: `Reply to: ${quoted(message)}`, dir: 'auto' });
}

/** The message that this one answers, in a few words. */
function quoted(message) {
  if (!message.reply_to) return null;
  const answered = thread.messages.find((other) => other.mid === message.reply_to);
  return answered ? firstWords(answered) : 'an earlier message';
}

function ticks(message, isLast) {
  const edited = message.edits ? 'edited · ' : '';
  if (!isLast) return edited ? make('span', { className: 'tick', textContent: 'edited' }) : null;
  const state = message.app_id
    ? message.is_seen ? ' · you have seen it' : ''
    : message.is_seen ? ' · seen' : ' · delivered';
  return make('span', { className: 'tick', textContent: `${edited}${time(message.at_ms)}${state}` });
}

function menu(message) {
  const close = () => { box.open = false; };
  const item = (words, test, what) => {
    const button = make('button', { type: 'button', textContent: words, data: { test } });
    button.onclick = () => { close(); what(); };
    return button;
  };
  const { act, reply } = doing;
  const react = (reaction) => act('react', reaction ? { mid: message.mid, reaction } : { mid: message.mid });
  const feelings = message.app_id
    ? Object.entries(FEELINGS).map(([name, emoji]) => {
      const button = item(emoji, `react-${name}`, () => react(name));
      button.setAttribute('aria-label', `React with ${name}`);
      return button;
    })
    : [];
  const box = make('details', { className: 'acts', data: { mid: message.mid } },
    make('summary', { textContent: '⋯', ariaLabel: 'What to do with this message' }),
    make('div', { className: 'menu' },
      feelings.length ? make('div', { className: 'feelings' }, feelings) : null,
      message.reaction ? item('Take the reaction back', 'unreact', () => react(null)) : null,
      item('Reply', 'reply', () => reply(message)),
      !message.app_id && message.text ? item('Edit', 'edit', () => reply(message, true)) : null,
      message.app_id ? null : item('Unsend', 'unsend', () => act('unsend', { mid: message.mid }))));
  // Below the last message there is no room: the list makes some.
  box.ontoggle = () => { if (box.open) box.lastElementChild.scrollIntoView({ block: 'nearest' }); };
  return box;
}

function quickReplies(message) {
  const words = { user_phone_number: 'Send my phone number', user_email: 'Send my e-mail address' };
  return make('div', { className: 'quick', data: { test: 'quick-replies' } }, message.quick_replies.map((quick, index) => {
    const button = make('button', { type: 'button', textContent: quick.title ?? words[quick.content_type] ?? quick.content_type, data: { test: `quick-${index}` } });
    button.onclick = () => doing.act('choose', { mid: message.mid, index });
    return button;
  }));
}

// A menu closes when the person goes elsewhere.
document.addEventListener('click', (event) => {
  for (const box of document.querySelectorAll('details.acts[open]')) {
    if (!box.contains(event.target)) box.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') document.querySelector('details.acts[open]')?.removeAttribute('open');
});
