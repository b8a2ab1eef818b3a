// Writing: words, replies, changes of what was said, and things other than words.
import { at, make } from '/page/shared/page.js';
import { THUMB } from './content.js';

/** What can be sent beside words: `[label, channel or null for both, what the customer says or does]`. */
const THINGS = [
  ['Picture', null, { say: { things: [{ type: 'image' }] } }],
  ['Three pictures', null, { say: { things: [{ type: 'image' }, { type: 'image' }, { type: 'image' }] } }],
  ['Moving picture', null, { say: { things: [{ type: 'animation' }] } }],
  ['Film', null, { say: { things: [{ type: 'video' }] } }],
  ['Voice clip', null, { say: { things: [{ type: 'audio' }] } }],
  ['Document', null, { say: { things: [{ type: 'file' }] } }],
  ['Sticker', null, { say: { things: [{ type: 'sticker' }] } }],
  ['Thumb', 'messenger', { say: { things: [{ type: 'sticker', id: THUMB }] } }],
  ['Place', 'messenger', { say: { things: [{ type: 'location', lat: 51.34, long: 12.37 }] } }],
  ['Link', 'messenger', { say: { text: 'This one: https://shop.example.invalid/p/17', things: [{ type: 'link', url: 'https://shop.example.invalid/p/17', title: 'Blue kettle 1.7 l' }] } }],
  ['Post', 'messenger', { say: { things: [{ type: 'post', title: 'The spring harvest is here' }] } }],
  ['Reel', 'messenger', { say: { things: [{ type: 'reel', title: 'How to whisk matcha' }] } }],
  ['Product', 'messenger', { say: { things: [{ type: 'product', title: 'Cast iron kettle', subtitle: '€ 64.90' }] } }],
  ['Post', 'instagram', { say: { things: [{ type: 'ig_post', title: 'The spring harvest is here' }] } }],
  ['Reel', 'instagram', { say: { things: [{ type: 'ig_reel', title: 'How to whisk matcha' }] } }],
  ['Mention in a story', 'instagram', { say: { things: [{ type: 'story_mention' }] } }],
  ['Answer to a story', 'instagram', { say: { text: 'Beautiful!', answers_story: true } }],
  ['Picture that disappears', 'instagram', { say: { things: [{ type: 'ephemeral' }] } }],
  ['Get started', 'messenger', { tap: { title: 'Get Started', payload: 'GET_STARTED' } }],
  ['Come by a link', null, { arrive: { kind: 'referral', referral: { ref: 'qr-shop-door', source: 'SHORTLINK', type: 'OPEN_THREAD' } } }],
  ['Agree to news', 'messenger', { arrive: { kind: 'optin', title: 'News of the tea shop', payload: 'NEWS' } }],
  ['Something unsupported', null, { say: { is_unsupported: true } }],
];

let about = null;
let doing = null;

/** `doing` has `act`, which does something for the customer, and `thread`, which gives the one on the phone. */
export function startComposer(how) {
  doing = how;
}

/** The next words answer this message, or take the place of its words. */
export function replyingTo(message, isEdit = false) {
  about = message ? { mid: message.mid, isEdit } : null;
  at('replying').hidden = !about;
  const words = message?.text?.slice(0, 50) ?? 'this';
  at('replying').firstElementChild.textContent = isEdit ? 'Changing what you wrote' : `Replying to “${words}”`;
  if (isEdit) at('text').value = message.text;
  at('text').focus();
}

/** Another customer has the phone now. */
export function forget() {
  replyingTo(null);
  at('text').value = '';
  showThings(false);
}

at('replying').lastElementChild.onclick = () => {
  if (about?.isEdit) at('text').value = '';
  replyingTo(null);
};

at('composer').onsubmit = async (event) => {
  event.preventDefault();
  const text = at('text').value.trim();
  if (!text) return;
  const done = about?.isEdit
    ? await doing.act('edit', { mid: about.mid, text })
    : await doing.act('write', about ? { text, reply_to: about.mid } : { text });
  if (!done) return;
  at('text').value = '';
  replyingTo(null);
  toTheEnd();
};

at('text').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at('composer').requestSubmit();
  }
};

function toTheEnd() {
  at('messages').scrollTop = at('messages').scrollHeight;
}

// Things other than words

at('plus').onclick = () => showThings(at('things').hidden);

function showThings(isOpen) {
  at('things').hidden = !isOpen;
  at('plus').setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) return;
  const platform = doing.thread()?.platform ?? 'messenger';
  const fitting = THINGS.filter(([, only]) => only === null || only === platform);
  at('things').replaceChildren(...fitting.map(([label, , what]) => {
    const button = make('button', { type: 'button', textContent: label, data: { test: `thing-${label.toLowerCase().replaceAll(' ', '-')}` } });
    button.onclick = () => { showThings(false); send(what); };
    return button;
  }));
  at('things').firstElementChild?.focus();
}

async function send({ say, tap, arrive }) {
  if (say) await doing.act('write', about && !about.isEdit ? { ...say, reply_to: about.mid } : say);
  else if (tap) await doing.act('tap', tap);
  else await doing.act('arrive', arrive);
  replyingTo(null);
  toTheEnd();
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !at('things').hidden) {
    showThings(false);
    at('plus').focus();
  }
});
