// JSON as people read it: indented, keys and values in colours of their own.
import { make } from '/page/shared/page.js';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function pretty(value) {
  const text = JSON.stringify(value, null, 2) ?? '';
  const pre = make('pre', { tabIndex: 0, dir: 'ltr' });
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon] = match;
    pre.append(text.slice(from, match.index));
    const className = quoted ? (colon ? 'key' : 'text') : 'value';
    pre.append(make('span', { className, textContent: quoted ?? whole }));
    if (colon) pre.append(colon);
    from = match.index + whole.length;
  }
  pre.append(text.slice(from));
  return pre;
}
