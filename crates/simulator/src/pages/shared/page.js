// What both pages need: finding and making elements, asking the control API, telling time.

export const at = (id) => document.getElementById(id);

/** An element with properties, `data` for its data attributes, and children; what is null is left out. */
export function make(tag, properties = {}, ...children) {
  const { data, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  Object.assign(element.dataset, data);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Asks the control API to do something. What it refuses is shown in `#note`. Gives the answer, or null. What the page
 * does unasked takes nothing away that somebody was told.
 */
export async function ask(path, body, method = 'POST', isUnasked = false) {
  let answer;
  try {
    answer = await fetch(`/control/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
  } catch {
    say('The simulator does not answer.');
    return null;
  }
  const text = await answer.text();
  let said = {};
  try {
    said = JSON.parse(text);
  } catch {
    // A refusal of the frame around the acts is plain text.
    said = { error: text };
  }
  if (!answer.ok) say(said.error || `Not done (${answer.status}).`);
  else if (!isUnasked) say('');
  return answer.ok ? said : null;
}

function say(words) {
  at('note').textContent = words;
}

/** A stream that says in `#link-state` when it is down, and comes back by itself. */
export function listen(url, hear) {
  const stream = new EventSource(url);
  stream.onopen = () => { at('link-state').textContent = ''; };
  stream.onerror = () => { at('link-state').textContent = 'The simulator does not answer. Trying again.'; };
  for (const [name, act] of Object.entries(hear)) {
    stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  }
  return stream;
}

/** Calls `act` once nothing came for a moment. */
export function settled(act, ms = 180) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
}

const part = (options) => {
  const format = new Intl.DateTimeFormat('en-GB', options);
  return (ms) => format.format(new Date(ms));
};
export const time = part({ hour: '2-digit', minute: '2-digit' });
export const timeWithSeconds = part({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const day = part({ weekday: 'short', day: 'numeric', month: 'long' });
const shortDay = part({ weekday: 'short', day: 'numeric', month: 'short' });
export const dateTime = (ms) => `${shortDay(ms)}, ${time(ms)}`;
