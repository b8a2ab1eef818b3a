// The control room: shows what the stream tells and acts through the control API. The server's state is the only one;
// what is kept here is what the person looks for and has opened.
import { at, listen } from '/page/shared/page.js';
import { showAccounts } from './accounts.js';
import { showClock } from './clock.js';
import { showFaults } from './faults.js';
import { journal } from './journal.js';
import { showLoad } from './load.js';
import { knowApps, showThreads, threadsFind } from './threads.js';

let stream = null;

function open() {
  stream?.close();
  const query = new URLSearchParams({ ...journal.query(), threads: threadsFind() });
  journal.restart();
  stream = listen(`/control-room/events?${query}`, {
    state: showState,
    threads: showThreads,
    page: (page) => journal.showPage(page),
    lines: (lines) => journal.showChanged(lines),
  });
}

function showState(state) {
  showClock(state);
  knowApps(state.apps);
  showAccounts(state);
  showFaults(state);
  showLoad(state.load);
  journal.know(state);
  const { calls, webhooks, delivered, struck } = state.counts;
  at('counts').textContent =
    `${calls} calls · ${webhooks} webhooks, ${delivered} acknowledged · ${struck} struck by faults`;
}

journal.onquery = open;
at('threads-find').addEventListener('find', open);
open();
