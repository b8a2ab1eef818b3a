// Who holds which thread. A choice here moves control without an event, as Meta's own agents do.
import { ask, at, dateTime, make, settled } from '/page/shared/page.js';

let shown = '';
let apps = [];
let last = null;

export const threadsFind = () => at('threads-find').value.trim();
at('threads-find').oninput = settled(() => at('threads-find').dispatchEvent(new Event('find')));

/** Whichever of the two is told first: a thread is shown with the name of the app that holds it. */
export function knowApps(known) {
  apps = known;
  if (last) showThreads(last);
}

export function showThreads(threads) {
  last = threads;
  if (!apps.length) return;
  const now = JSON.stringify([threads, apps]);
  if (now === shown || at('threads').contains(document.activeElement)) return;
  shown = now;
  const rows = threads.length ? threads.map(row) : [make('li', { className: 'empty', textContent: 'No thread is like that.' })];
  at('threads').replaceChildren(...rows);
}

function row(thread) {
  const holder = apps.find((app) => app.id === thread.owner)?.name ?? 'Nobody';
  const owner = make('select', { title: `${holder}. A choice moves control without telling any app`, data: { test: `owner-${thread.customer}` } },
    new Option('Nobody', '', false, !thread.owner),
    apps.map((app) => new Option(app.name, app.id, false, app.id === thread.owner)));
  owner.setAttribute('aria-label', `Who holds the thread of ${thread.name}`);
  owner.onchange = () => {
    ask(`pages/${thread.account}/customers/${thread.customer}/seize`, owner.value ? { app_id: owner.value } : {});
    owner.blur();
  };
  const until = thread.owner_until_ms ? `until ${dateTime(thread.owner_until_ms)}` : 'idle';
  return make('li', {},
    make('a', { href: `/phone#${thread.account}/${thread.customer}`, textContent: thread.name || thread.customer, dir: 'auto', title: thread.customer }),
    owner,
    make('small', { className: 'cut', textContent: thread.snippet || 'Nothing said yet', dir: 'auto' }),
    make('small', { className: 'num', textContent: `${until}${thread.is_window_open ? '' : ' · window shut'}` }));
}
