/**
 * Every kind of thing that can stand in a thread, on one page: what the desk answered after each documented webhook, then
 * the states and kinds that no webhook alone brings.
 *
 * `make gallery` serves it with the answers and takes its pictures. By hand: `npm run dev`, then
 * /src/test/gallery/gallery.html?theme=dark&only=page_message
 */
import '@fontsource-variable/inter';
import '../../app/tokens.css';
import '../../app/base.css';
import { mount, tick } from 'svelte';
import { Desk } from '../../app/desk.svelte';
import { wearTheme } from '../../app/theme';
import { drawn, FakeHost } from '../fake-host';
import { aboveOf, framesOf, type Answers } from './frames';
import Gallery from './Gallery.svelte';
import { isOnItsWay, sampled, samples } from './samples';

const asked = new URLSearchParams(location.search);
wearTheme(asked.get('theme') === 'dark' ? 'dark' : 'light');

/** What the desk answered, where somebody serves it. */
async function answers(): Promise<Answers[]> {
  const found = await fetch('/answers.json');
  const isJson = found.headers.get('content-type')?.includes('json') ?? false;
  return found.ok && isJson ? ((await found.json()) as Answers[]) : [];
}

const only = asked.get('only') ?? '';
const all = await answers();
const frames = [...all.flatMap(framesOf), ...samples()];
const host = new FakeHost();
const later = host.answers.fetchMedia;
const never = new Promise<never>(() => undefined);
// What the samples name is here; what documented webhooks name lies at addresses that nobody serves.
host.answers.fetchMedia = (name) => {
  const content = sampled(name.id);
  if (content?.is === 'picture') host.pictures.set(name.id, drawn(name.id, 'whole', content));
  if (isOnItsWay(name.id)) return never;
  return content ? { state: 'here', title: '', bytes: 48_211, content } : later(name);
};
const desk = new Desk(host);
await desk.status.read();
mount(Gallery, {
  target: document.getElementById('app')!,
  props: {
    desk,
    above: all.flatMap(aboveOf).filter(({ name }) => name.includes(only)),
    frames: frames.filter(({ name }) => name.includes(only)),
  },
});
await tick();
await document.fonts.ready;
// What is folded away is to be seen too.
for (const folded of document.querySelectorAll<HTMLElement>('[data-test="edited"]')) folded.click();
await tick();
document.documentElement.dataset['drawn'] = 'true';
