//! What is said to pages. A moment is told after the frame in which something stood was drawn: in the next task after the
//! callback of that frame. Both pages tell it in the same way.

/// Resolves after the frame.
pub(crate) const DRAWN: &str = "const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => \
     done(performance.timeOrigin + performance.now()))));";

/// Scrolls a list down, 640 pixels a frame, and gives the time of each frame. At the end of what is read it waits for more,
/// and begins at the top again when none comes. Needs `port`; `__gone` counts the rows that it went down.
pub(super) const SCROLL: &str = "const frames = []; \
    let before = await new Promise(requestAnimationFrame); \
    for (let frame = 0, still = 0; frame < count; frame += 1) { \
      const end = port.scrollHeight - port.clientHeight; \
      still = port.scrollTop >= end - 1 ? still + 1 : 0; \
      const to = still > 60 ? 0 : Math.min(port.scrollTop + 640, end); \
      window.__gone = (window.__gone ?? 0) + Math.max(0, to - port.scrollTop) / 64; \
      port.scrollTop = to; \
      const now = await new Promise(requestAnimationFrame); \
      frames.push(now - before); before = now; \
    }";

/// What scrolls in the list of the desk.
pub(super) const PORT: &str = "const port = [...document.querySelectorAll('[data-test=\"thread-list\"] *')].find((e) => \
     e.scrollHeight > e.clientHeight + 10 && /auto|scroll/.test(getComputedStyle(e).overflowY));";

/// When the first rows of the list were drawn; 0 until then.
pub(super) const FIRST_ROWS: &str = "const mark = performance.getEntriesByName('list')[0]; return mark ? performance.timeOrigin + mark.startTime : 0";

/// What a start was made of, milliseconds UTC: when the web view began with the page, when the page's script was there and had run,
/// when the first rows were drawn.
pub(super) const STAGES: &str = "const { timing } = performance; const mark = performance.getEntriesByName('list')[0]; \
    return [performance.timeOrigin, timing.domInteractive, timing.domContentLoadedEventEnd, \
      mark ? performance.timeOrigin + mark.startTime : 0];";

/// Keeps when each call of the page to its desk began and came back.
pub(crate) const WATCH_CALLS: &str = "if (!window.__calls) { \
      window.__calls = []; const ours = window.fetch; \
      window.fetch = async (...given) => { \
        const begun = performance.timeOrigin + performance.now(); const answer = await ours(...given); \
        const came = performance.timeOrigin + performance.now(); \
        try { window.__calls.push({ name: JSON.parse(given[1].body).name, begun, came }); } catch {} \
        return answer; }; }";

/// Keeps the moment at which each awaited text first stood in the list, and that at which it was drawn.
pub(super) const WATCH_ROWS: &str = "window.__drawn = {}; window.__stood = {}; window.__watch?.disconnect(); \
    const find = () => { for (const e of document.querySelectorAll('[data-test=\"row-preview\"]')) { \
      const found = /ping-\\d+/.exec(e.textContent); \
      if (found && !(found[0] in window.__drawn)) { \
        window.__drawn[found[0]] = 0; window.__stood[found[0]] = performance.timeOrigin + performance.now(); \
        requestAnimationFrame(() => setTimeout(() => { \
          window.__drawn[found[0]] = performance.timeOrigin + performance.now(); })); } } }; \
    window.__watch = new MutationObserver(find); \
    window.__watch.observe(document.body, { childList: true, subtree: true, characterData: true });";

/// The page beside which the desk is measured: the same rows, only those drawn that are in sight.
pub(super) const BARE_PAGE: &str = r##"<!doctype html><html><head><meta charset="utf-8"><title>bare</title><style>
 * { box-sizing: border-box; margin: 0 } body { font: 14px/20px sans-serif; display: flex; height: 100vh }
 #port { width: 360px; overflow: hidden auto; contain: strict; height: 100vh } #field { position: relative }
 .row { position: absolute; left: 0; right: 0; height: 64px; padding: 10px 12px; display: flex; gap: 10px; contain: strict }
 .face { width: 40px; height: 40px; border-radius: 20px; background: #cde; text-align: center; line-height: 40px }
 .lines { flex: 1; min-width: 0 } .line { display: flex; gap: 8px } .name { font-weight: 600; flex: 1 }
 .name, .text { overflow: hidden; white-space: nowrap; text-overflow: ellipsis } time { color: #666 }
 .count { background: #06c; color: #fff; border-radius: 9px; padding: 0 6px } #thread { flex: 1 }
</style></head><body><div id="port"><div id="field"></div></div><div id="thread"></div><script>
 const port = document.getElementById('port'), field = document.getElementById('field');
 const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() =>
   done(performance.timeOrigin + performance.now()))));
 const tell = (name, value) => fetch('/mark', { method: 'POST', body: JSON.stringify({ name, value }) });
 let rows = [], kept = new Map();
 const row = (it) => { const e = document.createElement('div'); e.className = 'row';
   const face = document.createElement('div'); face.className = 'face'; face.textContent = it[0].slice(0, 1);
   const lines = document.createElement('div'); lines.className = 'lines';
   const one = document.createElement('div'), two = document.createElement('div'); one.className = two.className = 'line';
   const name = document.createElement('span'); name.className = 'name'; name.textContent = it[0];
   const time = document.createElement('time'); time.textContent = it[2];
   const text = document.createElement('span'); text.className = 'text'; text.textContent = it[1];
   one.append(name, time); two.append(text);
   if (it[3]) { const count = document.createElement('span'); count.className = 'count'; count.textContent = it[3]; two.append(count) }
   lines.append(one, two); e.append(face, lines); return e };
 const draw = () => {
   field.style.height = rows.length * 64 + 'px';
   const first = Math.max(0, Math.floor(port.scrollTop / 64) - 6);
   const last = Math.min(rows.length, Math.ceil((port.scrollTop + port.clientHeight) / 64) + 6);
   const next = new Map();
   for (let at = first; at < last; at += 1) {
     const e = kept.get(rows[at]) ?? row(rows[at]); e.style.top = at * 64 + 'px';
     if (!e.isConnected) field.append(e); next.set(rows[at], e);
   }
   for (const [it, e] of kept) if (!next.has(it)) e.remove();
   kept = next;
 };
 port.addEventListener('scroll', draw);
 (async () => {
   rows = await (await fetch('/rows')).json(); draw(); await tell('first rows', await drawn());
   new EventSource('/events').onmessage = async (event) => {
     rows.unshift(['Somebody', event.data, 'now', 1]); draw(); tell(event.data, await drawn()); };
   new EventSource('/orders').onmessage = async (event) => {
     const count = Number(event.data); SCROLL tell('frames', frames); };
 })();
</script></body></html>"##;
