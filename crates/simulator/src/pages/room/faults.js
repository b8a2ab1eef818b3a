// Faults by rule: those there are, with their counts, and a form for a new one. What can go wrong is asked of the server.
import { ask, at, dateTime, make } from '/page/shared/page.js';

const ABOUT = { answers: 'The answer to a send', calls: 'A call', rights: 'Token and rights', echoes: 'The echo', webhooks: 'Webhooks', media: 'Media' };
const CALLS = ['send', 'action', 'upload', 'control', 'owner', 'conversations', 'messages', 'message', 'profile', 'account', 'accounts', 'debug_token', 'subscriptions', 'login'];
const RIGHTS = ['pages_messaging', 'pages_manage_metadata', 'business_asset_user_profile_access'];
const FORMS = { seconds: 'times in seconds', texts: 'times as text', untimed: 'no time', numbers: 'ids as numbers', strangers: 'unknown members', everything: 'all of it' };
const SUBCODES = { 458: 'app removed', 459: 'checkpoint', 460: 'password changed', 463: 'expired', 464: 'not confirmed', 467: 'logged out', 492: 'role on the Page lost' };
const LABELS = { ms: 'Milliseconds', count: 'How many', status: 'Status', error: 'Error', subcode: 'Why', right: 'Right', form: 'How' };

let effects = new Map();
let errors = [];
let shown = '';
let known = '';
let names = { apps: new Map(), accounts: new Map() };

export function showFaults({ faults, apps, accounts }) {
  names = {
    apps: new Map(apps.map((app) => [app.id, app.name])),
    accounts: new Map(accounts.map((account) => [account.id, account.name])),
  };
  choices();
  const now = JSON.stringify([faults, effects.size]);
  if (now === shown) return;
  shown = now;
  at('faults-clear').hidden = !faults.length;
  const rows = faults.length ? [...faults].reverse().map(row) : [make('li', { className: 'empty over', textContent: 'Nothing goes wrong.' })];
  at('faults').replaceChildren(...rows);
}

function row(fault) {
  const remove = make('button', { type: 'button', textContent: 'Remove', data: { test: `fault-remove-${fault.number}` } });
  remove.onclick = () => ask(`faults/${fault.number}`, {}, 'DELETE');
  const state = fault.is_over ? 'over' : 'in force';
  return make('li', { className: fault.is_over ? 'over' : '', data: { test: `fault-${fault.number}` } },
    make('b', { textContent: effects.get(fault.effect)?.words ?? fault.effect }), remove,
    make('small', { className: 'num', textContent: [`struck ${fault.struck} of ${fault.fitted}`, state, ...narrowed(fault)].join(' · ') }));
}

function narrowed(fault) {
  const takes = Object.keys(effects.get(fault.effect)?.takes ?? {}).map((name) => told(name, fault[name]));
  return [
    ...takes,
    fault.page_id && (names.accounts.get(fault.page_id) ?? fault.page_id),
    fault.app_id && (names.apps.get(fault.app_id) ?? fault.app_id),
    fault.customer_id && `customer ${fault.customer_id}`,
    fault.call && `call ${fault.call}`,
    fault.method,
    fault.path,
    fault.field && `field ${fault.field}`,
    fault.after && `after ${fault.after}`,
    fault.times && (fault.times === 1 ? 'once' : `${fault.times} times`),
    fault.chance !== undefined && `in ${Math.round(fault.chance * 100)} of 100`,
    fault.until_ms && `until ${dateTime(fault.until_ms)}`,
  ].filter(Boolean);
}

function told(name, value) {
  if (name === 'ms') return value % 60_000 === 0 && value ? `${value / 60_000} min` : `${value / 1000} s`;
  if (name === 'form') return FORMS[value] ?? value;
  if (name === 'error') return value.replaceAll('_', ' ');
  return `${(LABELS[name] ?? name).toLowerCase()} ${value}`;
}

at('faults-clear').onclick = () => ask('faults', {}, 'DELETE');

// A new rule

function choices() {
  const now = JSON.stringify([[...names.apps], [...names.accounts]]);
  if (now === known) return;
  known = now;
  const fill = (id, any, entries) => {
    const chosen = at(id).value;
    at(id).replaceChildren(new Option(any, ''), ...entries.map(([value, name]) => new Option(name, value)));
    at(id).value = chosen;
  };
  fill('fault-account', 'Any', [...names.accounts]);
  fill('fault-app', 'Any', [...names.apps]);
  fill('fault-call', 'As usual', CALLS.map((call) => [call, call.replaceAll('_', ' ')]));
}

function takes() {
  const effect = effects.get(at('fault-effect').value);
  const fields = Object.entries(effect?.takes ?? {}).map(([name, usual]) => {
    const data = { test: `fault-${name}`, take: name };
    let input = make('input', { type: 'number', value: usual, data });
    const options = { error: errors.map((error) => [error, error]), right: RIGHTS.map((right) => [right, right]), form: Object.entries(FORMS), subcode: Object.entries(SUBCODES).map(([code, why]) => [code, `${code} ${why}`]) }[name];
    if (options) {
      input = make('select', { data }, options.map(([value, label]) => new Option(label, value)));
      input.value = usual;
    }
    return make('label', {}, LABELS[name] ?? name, input);
  });
  at('fault-takes').replaceChildren(...fields);
}

function rule() {
  const rule = { effect: at('fault-effect').value };
  const usual = effects.get(rule.effect)?.takes ?? {};
  for (const input of at('fault-takes').querySelectorAll('[data-take]')) {
    const name = input.dataset.take;
    rule[name] = typeof usual[name] === 'number' ? Number(input.value) : input.value;
  }
  const texts = { account: 'page_id', app: 'app_id', customer: 'customer_id', call: 'call', path: 'path', field: 'field' };
  for (const [id, name] of Object.entries(texts)) {
    const value = at(`fault-${id}`).value.trim();
    if (value) rule[name] = value;
  }
  for (const name of ['after', 'times', 'seed']) {
    const value = at(`fault-${name}`).value;
    if (value) rule[name] = Number(value);
  }
  if (at('fault-chance').value) rule.chance = Number(at('fault-chance').value) / 100;
  if (at('fault-minutes').value) rule.for_ms = Number(at('fault-minutes').value) * 60_000;
  return rule;
}

at('fault-effect').onchange = takes;
at('fault').onsubmit = (event) => {
  event.preventDefault();
  ask('faults', rule());
};

const catalogue = await ask('faults/effects', null, 'GET');
if (catalogue) {
  errors = catalogue.errors;
  effects = new Map(catalogue.effects.map((effect) => [effect.effect, effect]));
  for (const about of new Set(catalogue.effects.map((effect) => effect.about))) {
    const some = catalogue.effects.filter((effect) => effect.about === about);
    at('fault-effect').append(make('optgroup', { label: ABOUT[about] ?? about }, some.map((effect) => new Option(effect.words, effect.effect))));
  }
  takes();
}
