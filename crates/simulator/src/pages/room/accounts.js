// The accounts: how control of their threads is routed, and what Meta approved.
import { ask, at, make } from '/page/shared/page.js';

let shown = '';

/** Meta's inbox of the other channel has no threads here. */
const INBOX_OF_THE_OTHER = { messenger: '1217981644879628', instagram: '263902037430900' };

export function showAccounts({ accounts, apps }) {
  const now = JSON.stringify([accounts, apps]);
  // Drawn anew only when something changed, so that an open list of choices stays open.
  if (now === shown) return;
  shown = now;
  const thoseOf = (account) => apps.filter((app) => app.id !== INBOX_OF_THE_OTHER[account.platform]);
  at('accounts').replaceChildren(...accounts.map((account) => row(account, thoseOf(account))));
}

function row(account, apps) {
  const data = (name) => ({ test: `${name}-${account.id}` });
  const routing = make('select', { data: data('routing') },
    new Option('Off: any app may answer', 'off', false, account.routing === 'off'),
    new Option('Conversation Routing', 'on', false, account.routing === 'on'),
    new Option('Old protocol with roles', 'hop_v2', false, account.routing === 'hop_v2'));
  routing.onchange = () => route(account, apps, { routing: routing.value });
  const parts = [make('span', { textContent: 'Routing' }), routing];
  if (account.routing === 'on') {
    const first = make('select', { data: data('default-app') },
      apps.map((app) => new Option(app.name, app.id, false, app.id === account.default_app)));
    first.onchange = () => route(account, apps, { default_app: first.value });
    parts.push(make('span', { textContent: 'Default app' }), first);
  }
  if (account.routing === 'hop_v2') {
    const primary = make('select', { data: data('primary') },
      apps.map((app) => new Option(app.name, app.id, false, app.id === account.primary)));
    primary.onchange = () => route(account, apps, { primary: primary.value });
    parts.push(make('span', { textContent: 'Primary' }), primary);
  }
  const name = account.platform === 'instagram' ? `${account.name} on Instagram` : account.name;
  return make('li', { data: data('account') },
    make('div', { className: 'account-head' },
      make('b', { className: 'cut', textContent: name, title: account.id }),
      make('span', { className: 'dim num', textContent: `${account.threads} threads` })),
    make('div', { className: 'account-set' }, parts),
    make('div', { className: 'flags' },
      account.routing === 'on' ? apps.map((app) => taker(account, apps, app)) : null,
      flag('Human Agent approved', account.is_human_agent_approved, data('human-agent'),
        (is_approved) => ask(`pages/${account.id}/human_agent`, { is_approved }))),
    make('p', { className: 'dim', textContent: heard(account, apps) }));
}

function heard(account, apps) {
  const names = account.heard_by.map((id) => apps.find((app) => app.id === id)?.name ?? id);
  return names.length ? `Heard by ${names.join(', ')}` : 'Heard by nobody: no app is subscribed';
}

function taker(account, apps, app) {
  return flag(`${app.name} may take`, account.may_take.includes(app.id), { test: `may-take-${account.id}-${app.id}` },
    (may) => {
      const others = account.may_take.filter((id) => id !== app.id);
      return route(account, apps, { may_take: may ? [...others, app.id] : others });
    });
}

function flag(label, is_on, data, act) {
  const box = make('input', { type: 'checkbox', checked: is_on, data });
  box.onchange = () => act(box.checked);
  return make('label', {}, box, label);
}

async function route(account, apps, change) {
  const ours = apps.find((app) => app.is_ours)?.id;
  const bot = apps.find((app) => app.name === 'Teabot')?.id ?? ours;
  const now = { ...account, ...change };
  const modes = {
    off: { routing: 'off' },
    on: { routing: 'on', default_app: now.default_app ?? bot, may_take: now.may_take ?? [ours] },
    hop_v2: { routing: 'hop_v2', primary: now.primary ?? bot, secondary: apps.map((app) => app.id).filter((id) => id !== (now.primary ?? bot)) },
  };
  // What was refused is drawn as it is.
  if (!(await ask(`pages/${account.id}/routing`, modes[now.routing]))) shown = '';
}
