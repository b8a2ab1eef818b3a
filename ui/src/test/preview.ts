/**
 * The page on the fake host, to look at it: `npm run dev`, then
 * /src/test/preview.html?scene=inbox|empty|first-run|connect|problems|failed&theme=dark&thread=4&dialog=settings
 */
import '@fontsource-variable/inter';
import '../app/tokens.css';
import '../app/base.css';
import { mount, tick } from 'svelte';
import App from '../app/App.svelte';
import { Desk } from '../app/desk.svelte';
import { FakeHost, refuse } from './fake-host';
import { kite, northwind, row, session } from './people';

const asked = new URLSearchParams(location.search);
const host = new FakeHost();
host.settings.set('theme', JSON.stringify(asked.get('theme') ?? 'light'));

const scenes: Record<string, () => void> = {
  empty: () => (host.rows = []),
  many: () =>
    (host.rows = Array.from({ length: 5_000 }, (_, i) =>
      row({ thread: i + 1, name: `Customer ${i + 1}` }),
    )),
  'first-run': () =>
    (host.answers.session = () =>
      session({ phase: 'enrol', accounts: [], agentName: null, workspace: null })),
  connect: () => {
    const accounts = [northwind, { ...kite, token: 'missing' as const, connected: false }];
    host.answers.session = () => session({ phase: 'connect', accounts });
  },
  problems: () => {
    host.answers.session = () =>
      session({
        accounts: [northwind, { ...kite, token: 'dead' }],
        problems: [
          {
            kind: 'tokenDead',
            account: kite.id,
            words: {
              what: 'Meta no longer accepts the Page token.',
              action: 'Paste a new one to answer again.',
            },
          },
          {
            kind: 'relayUnreachable',
            account: null,
            words: {
              what: 'The relay does not answer since 14:20.',
              action: 'You can read and write; replies leave when it is back.',
            },
          },
        ],
      });
  },
  failed: () => {
    host.answers.listThreads = () => {
      throw refuse(
        'storage',
        'The file of this desk could not be read.',
        'Free some space, then try again.',
      );
    };
  },
};
scenes[asked.get('scene') ?? '']?.();
if (asked.has('fail')) {
  const failure = () => {
    throw refuse(
      asked.get('fail') as 'noKeyStore',
      'Words of the host on what happened.',
      'What can be done.',
    );
  };
  host.answers.checkRelay = failure;
  host.answers.checkPageToken = failure;
  host.answers.sendReply = failure;
}

const desk = new Desk(host);
await desk.settings.read();
mount(App, { target: document.getElementById('app')!, props: { desk } });
await tick();
if (asked.has('thread')) desk.openThread(Number(asked.get('thread')));
Object.assign(window, { desk, host });
