/** Where the page begins: choose the host, read the settings, draw. */
import '@fontsource-variable/inter';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { readOrLong } from '$features/opening/opening.svelte';
import { chooseHost } from '$lib/host';
import App from './App.svelte';
import { Desk } from './desk.svelte';

/** Where the host opened the board in a window of its own. */
const ownBoard = location.hash === '#board';
const host = await chooseHost();
const desk = new Desk(host, ownBoard);
// Settings come from an open desk; what keeps it from opening is drawn without them.
await readOrLong(host, desk.settings.read());
mount(App, { target: document.getElementById('app')!, props: { desk } });
