// What is in a message: words, media, places, shares, templates whose buttons can be pressed.
import { make } from '/page/shared/page.js';

const KINDS = {
  image: 'Picture', video: 'Film', audio: 'Voice clip', file: 'File', sticker: 'Sticker', location: 'Place', template: 'Card',
  fallback: 'Shared link', post: 'Shared post', reel: 'Shared reel', ig_post: 'Shared post', ig_reel: 'Shared reel', share: 'Shared post',
  story_mention: 'You mentioned them in your story', ephemeral: 'A picture that disappears', appointment_booking: 'Appointment',
  like_heart: '❤️', MEDIA_SHARE: 'Shared post',
};
/** Messenger's thumb. It is drawn by whoever shows it; the file that comes with it here is that of any sticker. */
export const THUMB = 369239263222822;
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s){1,12}$/v;

/** Links are signed anew each time they are told. The first one that was seen stays, so that nothing is loaded twice. */
const links = new Map();

function settled(url) {
  if (typeof url !== 'string') return url;
  let parsed;
  try {
    parsed = new URL(url, location.origin);
  } catch {
    return url;
  }
  if (!parsed.pathname.startsWith('/media/')) return url;
  const known = links.get(parsed.pathname) ?? `${parsed.pathname}${parsed.search}`;
  links.set(parsed.pathname, known);
  return known;
}

/** The message with links that stay the same. */
export function settleLinks(message) {
  const deep = (value) => {
    if (Array.isArray(value)) return value.map(deep);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner)]));
    return settled(value);
  };
  return { ...message, attachments: deep(message.attachments), story_url: settled(message.story_url) };
}

/** A message in a few words. */
export function firstWords(message) {
  const [first] = message.attachments;
  return message.text?.slice(0, 60) ?? KINDS[first?.type] ?? 'a message';
}

/** The elements of a message. */
export function content(message, act) {
  if (message.is_deleted) return [bubble('You took this message back', 'gone')];
  if (message.is_unsupported) return [bubble('Something that apps are not told about', 'gone')];
  const parts = message.attachments.map((attachment) => shown(attachment, message, act));
  if (message.text) parts.unshift(bubble(message.text, EMOJI_ONLY.test(message.text) ? 'large' : ''));
  if (message.referral) parts.unshift(make('div', { className: 'quote', textContent: came(message.referral) }));
  return parts.length ? parts : [bubble('An empty message', 'gone')];
}

function bubble(words, kind = '') {
  return make('div', { className: `bubble ${kind}`, textContent: words, dir: 'auto' });
}

function came(referral) {
  const from = referral.ads_context_data?.ad_title ?? referral.ref ?? referral.source ?? 'a link';
  return referral.ad_id ? `From the ad “${from}”` : `Came by ${from}`;
}

const isOurs = (url) => typeof url === 'string' && url.startsWith('/media/');

function shown(attachment, message, act) {
  const payload = attachment.payload ?? {};
  const { url } = payload;
  switch (attachment.type) {
    case 'template': return template(payload, message, act);
    case 'image': case 'sticker':
      if (String(payload.sticker_id) === String(THUMB)) return bubble('👍', 'large');
      return isOurs(url) ? picture(url, attachment.type === 'sticker' || payload.sticker_id ? 'sticker' : 'media') : elsewhere(attachment, url);
    case 'video': case 'reel': case 'ig_reel': return isOurs(url) ? titled(payload, media('video', url)) : elsewhere(attachment, url);
    case 'audio': return isOurs(url) ? media('audio', url) : elsewhere(attachment, url);
    case 'file': return fileLink(url);
    case 'share': case 'ig_post': case 'story_mention': return isOurs(url) ? titled({ title: payload.title ?? KINDS[attachment.type] }, picture(url, 'media')) : elsewhere(attachment, url);
    case 'location': return card(attachment.title ?? 'Place', place(payload.coordinates));
    default: return elsewhere(attachment, url);
  }
}

function picture(url, className) {
  const image = make('img', { className, src: url, alt: className === 'sticker' ? 'Sticker' : 'Picture' });
  image.onerror = () => image.replaceWith(bubble('This picture is gone', 'gone'));
  return image;
}

function media(tag, url) {
  const player = make(tag, { className: 'media', src: url, controls: true, preload: 'metadata' });
  player.onerror = () => player.replaceWith(bubble('This cannot be played here', 'gone'));
  return player;
}

function fileLink(url) {
  const last = String(url ?? '').split('?')[0].split('/').pop() || 'file';
  const name = decodeURIComponent(last.replaceAll('+', ' '));
  return make('a', { className: 'bubble file', href: isOurs(url) ? url : '#', download: name, textContent: name, dir: 'auto' });
}

function titled(payload, element) {
  if (!payload.title) return element;
  return make('figure', {}, element, make('figcaption', { textContent: payload.title, dir: 'auto' }));
}

/** A thing that this page may not load, or that has no content at all: what it is, and where it would be. */
function elsewhere(attachment, url) {
  const payload = attachment.payload ?? {};
  return card(payload.title ?? attachment.title ?? KINDS[attachment.type] ?? attachment.type, url && !isOurs(url) ? url : KINDS[attachment.type]);
}

function card(title, ...lines) {
  return make('div', { className: 'card' },
    make('b', { textContent: title, dir: 'auto' }),
    lines.filter(Boolean).map((line) => make('small', { textContent: line, dir: 'auto' })));
}

function place(coordinates) {
  return coordinates ? `${coordinates.lat}, ${coordinates.long}` : null;
}

// Templates

function template(payload, message, act) {
  const kind = payload.template_type ?? (payload.product ? 'product' : payload.generic ? 'generic' : '');
  const elements = payload.elements ?? payload.product?.elements ?? payload.generic?.elements ?? [];
  if (kind === 'receipt') return receipt(payload);
  if (kind === 'button') {
    return make('div', { className: 'card', data: { test: 'template' } },
      make('p', { textContent: payload.text, dir: 'auto' }), buttons(payload.buttons, message, 0, act));
  }
  const cards = elements.map((element, at) => make('div', { className: 'card' },
    isOurs(element.image_url ?? element.url) ? picture(element.image_url ?? element.url, 'media') : null,
    make('b', { textContent: element.title ?? (element.media_type ? KINDS[element.media_type] : 'Product'), dir: 'auto' }),
    element.subtitle && make('small', { textContent: element.subtitle, dir: 'auto' }),
    !isOurs(element.image_url) && element.image_url && make('small', { textContent: element.image_url }),
    buttons(element.buttons, message, at, act)));
  return make('div', { className: cards.length > 1 ? 'carousel' : 'single', data: { test: 'template' }, tabIndex: cards.length > 1 ? 0 : -1 }, cards);
}

function buttons(list, message, element, act) {
  return (list ?? []).map((button, index) => {
    const pressed = make('button', { type: 'button', textContent: button.title ?? button.type.replaceAll('_', ' '), data: { test: `press-${element}-${index}` } });
    pressed.onclick = async () => {
      const came = await act('press', { mid: message.mid, element, button: index });
      const words = came?.opens ? `Opens ${came.opens.url}` : came?.calls ? `Calls ${came.calls.number}` : '';
      if (words) document.getElementById('note').textContent = words;
    };
    return pressed;
  });
}

function receipt(payload) {
  const money = (value) => (typeof value === 'number' ? `${value.toFixed(2)} ${payload.currency}` : null);
  const line = (name, value, className = '') => (value === null || value === undefined ? [] : [make('dt', { textContent: name, className, dir: 'auto' }), make('dd', { textContent: value, className })]);
  const sums = payload.summary ?? {};
  return make('div', { className: 'card receipt', data: { test: 'template' } },
    make('b', { textContent: `Order ${payload.order_number}` }),
    make('small', { textContent: [payload.recipient_name, payload.payment_method].filter(Boolean).join(' · '), dir: 'auto' }),
    make('dl', {},
      (payload.elements ?? []).flatMap((one) => line(`${one.quantity ?? 1} × ${one.title}`, money(one.price))),
      line('Subtotal', money(sums.subtotal)),
      line('Shipping', money(sums.shipping_cost)),
      line('Tax', money(sums.total_tax)),
      (payload.adjustments ?? []).flatMap((one) => line(one.name, money(-one.amount))),
      line('Total', money(sums.total_cost), 'total')));
}
