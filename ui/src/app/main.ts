/** Where the page begins: choose the host, read the settings, draw. */
import '@fontsource-variable/inter';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { chooseHost } from '$lib/host';
import App from './App.svelte';
import { Desk } from './desk.svelte';

/** Where the host opened the board in a window of its own. */
const ownBoard = location.hash === '#board';
const desk = new Desk(await chooseHost(), ownBoard);
await desk.settings.read();
mount(App, { target: document.getElementById('app')!, props: { desk } });
