// What may stand in some files only. Looks at every file that git knows.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// In two parts, so that this file does not find itself.
const join = (...parts) => parts.join('');

const RULES = [
  {
    pattern: new RegExp(`"(${join('HUMAN', '_AGENT')}|${join('MESSAGE', '_TAG')}|CONFIRMED_EVENT_UPDATE|ACCOUNT_UPDATE|POST_PURCHASE_UPDATE)"`),
    within: /\.(rs|ts|svelte|js)$/,
    except: /^(crates\/(messenger|simulator)\/|crates\/[a-z]+\/tests\/|tests\/)/,
    why: 'wire strings of message tags stand only in crates/messenger and crates/simulator',
  },
  {
    pattern: new RegExp(`(^|[^\\w.])(${join('/wo', 'rk')}|${join('/ro', 'ot')}|${join('/ho', 'me')}/\\w+)/`),
    within: /./,
    except: /\.(png|svg|woff2)$/,
    why: 'a path of one machine',
  },
  {
    pattern: /\b(open_watched|StepWatcher)\b/,
    within: /\.rs$/,
    except: /^(crates\/core\/(src|tests)\/|tests\/)/,
    why: 'whoever watches the steps of a send can end the desk there: no released program has one',
  },
  {
    pattern: /\b(invoke|@tauri-apps)\b/,
    within: /^ui\/src\/.*\.(ts|svelte|js)$/,
    except: /^ui\/src\/lib\/host\//,
    why: 'only ui/src/lib/host knows which shell the page runs in',
  },
  {
    pattern: /\b(fetch|XMLHttpRequest|WebSocket|EventSource)\s*\(/,
    within: /^ui\/src\/.*\.(ts|svelte|js)$/,
    except: /^ui\/src\/(lib\/host|test)\/|\.test\.ts$/,
    why: 'the page has no network: it asks its host',
  },
];

const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
const faults = [];

for (const file of files) {
  const rules = RULES.filter(({ within, except }) => within.test(file) && !except.test(file));
  if (rules.length === 0) continue;
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue; // deleted, not yet committed
  }
  text.split('\n').forEach((line, index) => {
    for (const { pattern, why } of rules) {
      if (pattern.test(line)) faults.push(`${file}:${index + 1}: ${why}`);
    }
  });
}

// Nothing runs examples in documentation, so nothing there may look as if it were run.
for (const file of files.filter((file) => file.endsWith('.rs'))) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue;
  }
  let inside = false;
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*\/\/[/!] ?```(.*)$/.exec(line);
    if (!fence) return;
    inside = !inside;
    if (inside && !/^(text|json|sh|sql|toml)\b/.test(fence[1].trim()))
      faults.push(`${file}:${index + 1}: a block in documentation says what it is: text, json, sh, sql or toml`);
  });
}

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
