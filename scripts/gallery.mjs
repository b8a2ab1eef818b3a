// Takes pictures of the page that shows every kind, in both themes and two widths, with the engine of the window:
// WebKitGTK's own small browser on a virtual display, driven by WebKitWebDriver. Everything it starts ends with it.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const folder = process.argv[2];
const ui = new URL('../ui/', import.meta.url).pathname;
const HEIGHT = 1400;
const WIDTHS = [1024, 512];
const THEMES = ['light', 'dark'];
const started = [];

/** The answers that the walk of the webhooks left. */
function answers() {
  const kept = join(folder, 'answers');
  const files = existsSync(kept) ? readdirSync(kept).sort() : [];
  return files.map((name) => JSON.parse(readFileSync(join(kept, name), 'utf8')));
}

/** The page, with the answers beside it. */
async function servePage() {
  const vite = await import(new URL('../ui/node_modules/vite/dist/node/index.js', import.meta.url).href);
  const all = JSON.stringify(answers());
  const beside = {
    name: 'answers',
    configureServer({ middlewares }) {
      middlewares.use('/answers.json', (_, answer) => {
        answer.setHeader('Content-Type', 'application/json');
        answer.end(all);
      });
    },
  };
  const at = { port: 0, host: '127.0.0.1', hmr: false };
  const server = await vite.createServer({ root: ui, logLevel: 'error', server: at, plugins: [beside] });
  await server.listen();
  return { address: server.resolvedUrls.local[0], close: () => server.close() };
}

function start(program, args, env = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } });
  child.on('error', (error) => stop(`${program} does not start (${error.message}); \`make setup\` installs it.`));
  started.push(child);
  return child;
}

function end() {
  for (const child of started.splice(0).reverse()) child.kill();
}

function stop(why) {
  end();
  console.error(why);
  process.exit(1);
}

const firstLine = (child) => new Promise((found) => child.stdout.once('data', (data) => found(String(data).trim())));

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

async function until(what, look) {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look().catch(() => null);
    if (found) return found;
    await new Promise((wait) => setTimeout(wait, 100));
  }
  return stop(`It took too long: ${what}.`);
}

/** WebKitGTK's small browser lies where its library does. */
function smallBrowser() {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/webkit2gtk-4.1`);
  const places = ['/usr/libexec/webkit2gtk-4.1', ...folders].map((place) => join(place, 'MiniBrowser'));
  return places.find((place) => existsSync(place)) ?? stop('WebKitGTK came without its MiniBrowser.');
}

/** The browser on a display of its own, as wide as asked. People of the pictures live in Berlin and read English. */
async function openBrowser(width) {
  const screen = ['-displayfd', '1', '-screen', '0', `${width}x${HEIGHT}x24`, '-nolisten', 'tcp', '-noreset'];
  const display = `:${await firstLine(start('Xvfb', screen))}`;
  const port = await freePort();
  start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    DISPLAY: display,
    GDK_BACKEND: 'x11',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    NO_AT_BRIDGE: '1',
    LANG: 'en_GB.UTF-8',
    LC_ALL: '',
    TZ: 'Europe/Berlin',
  });
  const ask = async (method, path, body) => {
    const url = `http://127.0.0.1:${port}${path}`;
    const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value?.message ?? String(answer.status));
    return value;
  };
  await until('WebKitWebDriver', () => ask('GET', '/status'));
  const browser = { binary: smallBrowser(), args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browser } };
  const { sessionId } = await ask('POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;
  await ask('POST', `${session}/window/rect`, { x: 0, y: 0, width, height: HEIGHT });
  return {
    display,
    go: (url) => ask('POST', `${session}/url`, { url }),
    run: (script) => ask('POST', `${session}/execute/sync`, { script, args: [] }),
    close: () => ask('DELETE', session),
  };
}

const run = promisify(execFile);

/** What the display shows below the browser's own bar. WebDriver's own pictures need a GPU. */
async function picture(display, file, { width, height, bar }) {
  const crop = `${width}x${height}+0+${bar}`;
  const args = ['-silent', '-window', 'root', '-crop', crop, '+repage', file];
  await run('import', args, { env: { ...process.env, DISPLAY: display } });
}

/** The whole page from top to bottom. Gives how many pictures that were. */
async function album(page, width, theme) {
  const browser = await openBrowser(width);
  await browser.go(`${page}src/test/gallery/gallery.html?theme=${theme}`);
  await until('the gallery to be drawn', () => browser.run("return document.documentElement.dataset.drawn === 'true'"));
  const [height, bar, all] = await browser.run(
    'return [innerHeight, outerHeight - innerHeight, document.documentElement.scrollHeight]',
  );
  let taken = 0;
  for (let top = 0; top < all; top += height) {
    await browser.run(`scrollTo(0, ${top}); return true`);
    await browser.run('return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))');
    // What is painted reaches the display a little later.
    await new Promise((wait) => setTimeout(wait, 300));
    taken += 1;
    const file = `${width}-${theme}-${String(taken).padStart(2, '0')}.png`;
    await picture(browser.display, join(folder, file), { width, height, bar });
  }
  await browser.close();
  end();
  return taken;
}

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
const page = await servePage();
let taken = 0;
for (const width of WIDTHS) for (const theme of THEMES) taken += await album(page.address, width, theme);
await page.close();
console.log(`${taken} pictures are in ${folder}`);
process.exit(0);
