// The customer's phone: shows one thread as its customer sees it, and acts for the customer through the control
// API. All state comes from the server's stream; what is kept here is only the choice of account and customer.
import { ask, at, dateTime, listen, make, settled, time } from '/page/shared/page.js';
import { forget, replyingTo, startComposer } from './compose.js';
import { drawMessages } from './messages.js';

/** Why nobody at a desk hears what is written to an account. */
const UNSERVED = {
  not_connected: 'No desk serves this account now. What you write stays with Meta.',
  no_right: 'No desk can serve this Page: the right to message for it was not granted. What you write stays with Meta.',
};

const choice = { page: null, customer: null, last: 150 };
let around = null;
let thread = null;
let stream = null;

const base = () => `pages/${choice.page}/customers/${choice.customer}`;
/** Does something for the chosen customer. */
const act = (what, body) => (choice.customer ? ask(`${base()}/${what}`, body) : null);

// The stream

function open() {
  stream?.close();
  const query = new URLSearchParams({ find: at('find').value.trim(), last: choice.last });
  if (choice.page) query.set('page', choice.page);
  if (choice.customer) query.set('customer', choice.customer);
  stream = listen(`/phone/events?${query}`, {
    around: (told) => { around = told; showAround(); },
    thread: (told) => { thread = told; showThread(); seenIfLooking(); },
  });
}

function choose(page, customer) {
  if (page !== choice.page) at('find').value = '';
  Object.assign(choice, { page, customer, last: 150 });
  thread = null;
  forget();
  at('messages').replaceChildren();
  history.replaceState(null, '', `#${page ?? ''}/${customer ?? ''}`);
  open();
  at('text').focus();
}

// Seen

function seenIfLooking() {
  const isUnseen = thread?.messages.some((message) => message.app_id && !message.is_seen);
  if (isUnseen && at('auto-seen').checked && document.hasFocus()) ask(`${base()}/read`, {}, 'POST', true);
}
addEventListener('focus', seenIfLooking);
at('seen').onclick = () => act('read');

// The world around

let listed = '';
function showAround() {
  at('clock').textContent = dateTime(around.now_ms);
  at('phone-clock').textContent = time(around.now_ms);
  if (!choice.page && around.accounts.length) {
    const [page, customer] = location.hash.slice(1).split('/');
    const known = around.accounts.find((account) => account.id === page) ?? around.accounts[0];
    choose(known.id, known.id === page ? customer || null : null);
    return;
  }
  // The first one in the list, until somebody is chosen.
  if (!choice.customer && around.page === choice.page && around.customers.length) {
    choose(choice.page, around.customers[0].id);
    return;
  }
  const account = around.accounts.find((known) => known.id === choice.page);
  if (!choice.customer && around.page === choice.page) showNobody(account);
  at('routing').checked = account?.routing === 'on';
  at('human-agent').checked = account?.is_human_agent_approved ?? false;
  at('unserved').textContent = UNSERVED[account?.served] ?? '';
  at('unserved').hidden = !UNSERVED[account?.served];
  at('heard').hidden = !at('unserved').hidden;
  const now = JSON.stringify([around.accounts, choice, around.customers]);
  if (now === listed) return;
  listed = now;
  at('page').replaceChildren(...around.accounts.map((known) =>
    new Option(called(known), known.id, false, known.id === choice.page)));
  at('customers').replaceChildren(...around.customers.map(customerRow));
}

/** An account in the list: its name as the desk has it, and what one should know before writing to it. */
function called({ name, platform, served }) {
  const place = platform === 'instagram' ? ' on Instagram' : '';
  return `${name}${place}${UNSERVED[served] ? ' (no desk answers)' : ''}`;
}

/** A Page that nobody has written to: the phone belongs to nobody until somebody is made. */
function showNobody(account) {
  at('page-name').textContent = account?.name ?? '';
  at('page-badge').textContent = (account?.name ?? '').slice(0, 1);
  at('phone-owner').textContent = at('find').value.trim() ? 'Nobody of this name' : 'Nobody writes here yet: add a person';
  for (const fact of ['owner', 'window', 'manner']) at(fact).textContent = '–';
  at('owner-until').textContent = '';
  at('window').className = '';
}

function customerRow(customer) {
  const button = make('button', { type: 'button', data: { test: `customer-${customer.id}` } },
    make('img', { src: `/phone/picture/${customer.id}`, alt: '' }),
    make('div', {},
      make('b', { textContent: customer.name || customer.id, dir: 'auto' }),
      make('small', { textContent: customer.snippet || 'Nothing said yet', dir: 'auto' })));
  button.setAttribute('aria-current', String(customer.id === choice.customer));
  button.onclick = () => choose(choice.page, customer.id);
  return make('li', {}, button);
}

// The thread

function showThread() {
  at('phone').classList.toggle('instagram', thread.platform === 'instagram');
  at('page-name').textContent = thread.page_name;
  at('page-badge').textContent = thread.page_name.slice(0, 1);
  at('phone-owner').textContent = `You are ${thread.customer_name}${thread.is_request ? ' · a message request' : ''}`;
  at('reach').checked = thread.is_reachable;
  showHolder();
  drawMessages(thread, { act, reply: replyingTo, earlier: () => { choice.last += 300; open(); } });
}

function showHolder() {
  const { owner } = thread;
  at('owner').textContent = owner?.app_name ?? (thread.is_routing_on ? 'Nobody' : 'Any connected app');
  at('owner-until').textContent = owner ? `until ${dateTime(owner.expires_ms)}` : '';
  const reply = thread.messages.findLast((message) => message.app_id);
  at('manner').textContent = reply ? [reply.messaging_type, reply.tag].filter(Boolean).join(' · ') || '–' : '–';
  const until = thread.window_until_ms;
  const field = at('window');
  field.className = thread.is_window_open ? 'open' : 'shut';
  if (!until) field.textContent = 'Closed: the customer never wrote';
  else field.textContent = `${thread.is_window_open ? 'Open until' : 'Closed since'} ${dateTime(until)}`;
}

startComposer({ act, thread: () => thread });

// The panel

at('page').onchange = (event) => choose(event.target.value, null);
at('find').oninput = settled(() => open());
at('add').onsubmit = async (event) => {
  event.preventDefault();
  const name = at('add-name').value.trim();
  if (!name) return;
  const made = await ask(`pages/${choice.page}/customers`, { name });
  if (!made) return;
  at('add-name').value = '';
  at('find').value = '';
  choose(choice.page, made.id);
};
for (const button of document.querySelectorAll('[data-ms]')) {
  button.onclick = () => ask('clock/advance', { ms: Number(button.dataset.ms) });
}
at('routing').onchange = (event) => {
  const desk = around.apps.find((app) => app.kind === 'ours');
  const bot = around.apps.find((app) => app.kind === 'bot');
  const mode = event.target.checked
    ? { routing: 'on', default_app: bot.id, may_take: [desk.id] }
    : { routing: 'off' };
  ask(`pages/${choice.page}/routing`, mode);
};
at('human-agent').onchange = (event) => ask(`pages/${choice.page}/human_agent`, { is_approved: event.target.checked });
at('reach').onchange = (event) => act('reach', { is_reachable: event.target.checked });

open();
