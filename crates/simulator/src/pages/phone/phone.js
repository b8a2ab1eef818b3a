// The customer's phone: shows one thread as its customer sees it, and acts for the customer through the control
// API. All state comes from the server's stream; what is kept here is only the choice of Page and customer.
'use strict';

const at = (id) => document.getElementById(id);
const choice = { page: null, customer: null, replyTo: null };
let world = null;
let thread = null;
let stream = null;

async function call(path, body, method = 'POST') {
  const answer = await fetch(`/control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  const said = await answer.json().catch(() => ({}));
  at('note').textContent = answer.ok ? '' : (said.error ?? `Not done (${answer.status}).`);
  return answer.ok ? said : null;
}

const base = () => `pages/${choice.page}/customers/${choice.customer}`;

// The stream

function listen() {
  stream?.close();
  const query = new URLSearchParams();
  if (choice.page) query.set('page', choice.page);
  if (choice.customer) query.set('customer', choice.customer);
  stream = new EventSource(`/phone/events?${query}`);
  stream.onopen = () => { at('link-state').textContent = ''; };
  stream.onerror = () => { at('link-state').textContent = 'The simulator does not answer. Trying again.'; };
  stream.addEventListener('world', (event) => { world = JSON.parse(event.data); showWorld(); });
  stream.addEventListener('thread', (event) => {
    thread = JSON.parse(event.data);
    showThread();
    seenIfLooking();
  });
}

function choose(page, customer) {
  const pageView = world.pages.find((p) => p.id === page) ?? world.pages[0];
  choice.page = pageView?.id ?? null;
  const known = pageView?.customers.some((c) => c.id === customer);
  choice.customer = known ? customer : (pageView?.customers[0]?.id ?? null);
  choice.replyTo = null;
  thread = null;
  shown = '';
  history.replaceState(null, '', `#${choice.page ?? ''}/${choice.customer ?? ''}`);
  listen();
  showWorld();
  showThread();
  at('text').focus();
}

// Seen

function seenIfLooking() {
  const isUnseen = thread?.messages.some((m) => m.app_id && !m.is_seen);
  if (isUnseen && at('auto-seen').checked && document.hasFocus()) call(`${base()}/read`);
}
addEventListener('focus', seenIfLooking);
at('seen').onclick = () => call(`${base()}/read`);

// The world around

let listed = '';
function showWorld() {
  if (!choice.page && world.pages.length) {
    const [page, customer] = location.hash.slice(1).split('/');
    choose(page, customer);
    return;
  }
  const page = world.pages.find((p) => p.id === choice.page);
  at('clock').textContent = dateTime(world.now_ms);
  at('phone-clock').textContent = time(world.now_ms);
  const seen = JSON.stringify([world.pages.map((p) => [p.id, p.name]), choice, page?.customers]);
  if (seen === listed) return showFlags(page);
  listed = seen;
  at('page').replaceChildren(...world.pages.map((p) => new Option(p.name, p.id, false, p.id === choice.page)));
  at('customers').replaceChildren(...(page?.customers ?? []).map(customerRow));
  showFlags(page);
}

function customerRow(customer) {
  const row = document.createElement('li');
  const button = make('button', { type: 'button' });
  button.dataset.test = `customer-${customer.id}`;
  button.setAttribute('aria-current', String(customer.id === choice.customer));
  const text = make('div');
  const name = make('b', { textContent: customer.name });
  const snippet = make('small', { textContent: customer.snippet || 'Nothing said yet', dir: 'auto' });
  text.append(name, snippet);
  button.append(make('img', { src: `/phone/picture/${customer.id}`, alt: '' }), text);
  button.onclick = () => choose(choice.page, customer.id);
  row.append(button);
  return row;
}

function showFlags(page) {
  at('routing').checked = page?.is_routing_on ?? false;
  at('human-agent').checked = page?.is_human_agent_approved ?? false;
  at('reach').checked = thread?.is_reachable ?? true;
}

// The thread

let shown = '';
function showThread() {
  at('page-name').textContent = thread?.page_name ?? '–';
  at('page-badge').textContent = (thread?.page_name ?? '').slice(0, 1);
  at('phone-owner').textContent = thread ? `You are ${thread.customer_name}` : '';
  showHolder();
  const now = JSON.stringify([thread?.messages, thread?.is_typing, thread?.business_seen_ms]);
  if (now === shown) return;
  shown = now;
  const list = at('messages');
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60 || !list.childElementCount;
  list.replaceChildren(...bubbles());
  if (wasAtEnd) list.scrollTop = list.scrollHeight;
}

function showHolder() {
  const owner = thread?.owner;
  const nobody = thread && !thread.is_routing_on ? 'Any connected app' : 'Nobody';
  at('owner').textContent = thread ? (owner?.app_name ?? nobody) : '–';
  at('owner-until').textContent = owner ? `until ${dateTime(owner.expires_ms)}` : '';
  const reply = thread?.messages.findLast((m) => m.app_id);
  at('manner').textContent = reply ? [reply.messaging_type, reply.tag].filter(Boolean).join(' · ') : '–';
  const until = thread?.window_until_ms;
  const field = at('window');
  field.className = thread?.is_window_open ? 'open' : 'shut';
  if (!until) field.textContent = 'Closed: the customer never wrote';
  else field.textContent = `${thread.is_window_open ? 'Open until' : 'Closed since'} ${dateTime(until)}`;
}

function bubbles() {
  if (!thread) return [];
  if (!thread.messages.length && !thread.is_typing) {
    return [make('li', { className: 'empty', textContent: `Say something to ${thread.page_name}.` })];
  }
  const rows = [];
  let day = '';
  let from = null;
  thread.messages.forEach((message, index) => {
    const today = date(message.at_ms);
    if (today !== day) {
      rows.push(make('li', { className: 'day', textContent: today }));
      [day, from] = [today, null];
    }
    if (message.app_id && message.app_name !== from) {
      rows.push(make('li', { className: 'from', textContent: message.app_name }));
    }
    const turned = index > 0 && thread.messages[index - 1].app_id !== message.app_id;
    from = message.app_name;
    rows.push(bubble(message, index === thread.messages.length - 1, turned));
  });
  if (thread.is_typing) rows.push(typing());
  return rows;
}

function typing() {
  const row = make('li', { className: 'line' });
  row.append(make('div', { className: 'bubble typing', textContent: '•••' }));
  return row;
}

function bubble(message, isLast, turned) {
  const row = make('li', { className: turned && !message.app_id ? 'line turned' : 'line' });
  row.dataset.test = 'message';
  row.dataset.mid = message.mid;
  row.dataset.from = message.app_id ?? 'customer';
  row.dataset.tag = message.tag ?? '';
  if (!message.app_id) row.classList.add('mine');
  if (message.app_name === 'Teabot') row.classList.add('bot');
  const quoted = message.reply_to && thread.messages.find((m) => m.mid === message.reply_to);
  if (message.reply_to) {
    row.append(make('div', { className: 'quote', textContent: `Reply to: ${quoted?.text?.slice(0, 60) ?? 'an earlier message'}` }));
  }
  const kinds = message.attachments.map((a) => `[${a.type}]`).join(' ');
  row.append(make('div', { className: 'bubble', textContent: message.text ?? kinds, dir: 'auto', title: dateTime(message.at_ms) }));
  const feelings = [message.reaction, message.page_reaction].filter(Boolean).join(' ');
  if (feelings) row.append(make('span', { className: 'feeling', textContent: feelings }));
  row.append(acts(message));
  if (isLast && message.quick_replies.length) row.append(quickReplies(message));
  if (isLast) row.append(make('span', { className: 'tick', textContent: tick(message) }));
  return row;
}

function tick(message) {
  if (message.app_id) return message.is_seen ? `${time(message.at_ms)} · you have seen it` : time(message.at_ms);
  return message.is_seen ? `${time(message.at_ms)} · seen` : `${time(message.at_ms)} · delivered`;
}

function acts(message) {
  const bar = make('span', { className: 'acts' });
  const add = (label, name, act) => {
    const button = make('button', { type: 'button', textContent: label, title: name });
    button.setAttribute('aria-label', name);
    button.onclick = act;
    bar.append(button);
  };
  if (message.app_id) {
    add('❤️', 'React with a heart', () => call(`${base()}/react`, { mid: message.mid, reaction: 'love' }));
    add('👍', 'React with a thumb', () => call(`${base()}/react`, { mid: message.mid, reaction: 'like' }));
    if (message.reaction) add('×', 'Take the reaction back', () => call(`${base()}/react`, { mid: message.mid }));
  }
  add('↩', 'Reply to this', () => replyTo(message));
  return bar;
}

function quickReplies(message) {
  const row = make('div', { className: 'quick' });
  for (const quick of message.quick_replies.filter((q) => q.title)) {
    const button = make('button', { type: 'button', textContent: quick.title });
    button.onclick = () => call(`${base()}/tap`, { title: quick.title, payload: quick.payload ?? '' });
    row.append(button);
  }
  return row;
}

function replyTo(message) {
  choice.replyTo = message?.mid ?? null;
  at('replying').hidden = !message;
  at('replying').firstElementChild.textContent = message ? `Replying to “${(message.text ?? '').slice(0, 50)}”` : '';
  at('text').focus();
}
at('replying').lastElementChild.onclick = () => replyTo(null);

// Writing

at('composer').onsubmit = async (event) => {
  event.preventDefault();
  const text = at('text').value.trim();
  if (!text || !choice.customer) return;
  const body = choice.replyTo ? { text, reply_to: choice.replyTo } : { text };
  if (await call(`${base()}/write`, body)) {
    at('text').value = '';
    replyTo(null);
    at('messages').scrollTop = at('messages').scrollHeight;
  }
};
at('text').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at('composer').requestSubmit();
  }
};

// The panel

at('page').onchange = (event) => choose(event.target.value, null);
at('add').onsubmit = async (event) => {
  event.preventDefault();
  const name = at('add-name').value.trim();
  if (!name) return;
  const made = await call(`pages/${choice.page}/customers`, { name });
  if (!made) return;
  at('add-name').value = '';
  const answer = await fetch('/control/world');
  world = await answer.json();
  choose(choice.page, made.id);
};
for (const button of document.querySelectorAll('[data-ms]')) {
  button.onclick = () => call('clock/advance', { ms: Number(button.dataset.ms) });
}
at('routing').onchange = (event) => {
  const desk = world.apps.find((a) => a.kind === 'ours');
  const bot = world.apps.find((a) => a.kind === 'bot');
  const mode = event.target.checked
    ? { routing: 'on', default_app: bot.id, may_take: [desk.id] }
    : { routing: 'off' };
  call(`pages/${choice.page}/routing`, mode);
};
at('human-agent').onchange = (event) => call(`pages/${choice.page}/human_agent`, { is_approved: event.target.checked });
at('reach').onchange = (event) => call(`${base()}/reach`, { is_reachable: event.target.checked });

// Small things

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
const time = (ms) => new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = (ms) => new Date(ms).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'long' });
const dateTime = (ms) => `${new Date(ms).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })}, ${time(ms)}`;

listen();
