// Load on the relay: started here, counted by the server.
import { ask, at, make } from '/page/shared/page.js';

let shown = '';

export function showLoad(load) {
  at('load-start').hidden = load?.is_running ?? false;
  at('load-stop').hidden = !load?.is_running;
  const now = JSON.stringify(load);
  if (now === shown) return;
  shown = now;
  at('load-report').replaceChildren(...(load ? report(load) : []));
}

function report(load) {
  const whole = load.load.rate * load.load.seconds;
  const share = (part) => {
    const bar = make('i');
    bar.style.width = `${(100 * part) / whole}%`;
    return bar;
  };
  const bar = make('div', { className: 'bar', title: 'Acknowledged, on the way, lost' },
    share(load.acknowledged), share(load.on_the_way), share(load.lost));
  const figures = [
    ['Sent', `${load.sent} of ${whole}`],
    ['Acknowledged', load.acknowledged],
    ['A second', load.acknowledged_per_second.toFixed(1)],
    ['On the way', load.on_the_way],
    ['Lost', load.lost],
    ['Failed tries', load.failed_tries],
    ['Half within', `${load.latency_ms.p50.toFixed(1)} ms`],
    ['99 of 100 within', `${load.latency_ms.p99.toFixed(1)} ms`],
    ['Slowest', `${load.latency_ms.max.toFixed(1)} ms`],
  ];
  return [bar, make('dl', { className: 'figures num' },
    figures.flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]))];
}

at('load').onsubmit = (event) => {
  event.preventDefault();
  const number = (id) => Number(at(id).value);
  ask('load', { rate: number('load-rate'), seconds: number('load-seconds'), customers: number('load-customers') });
};
at('load-stop').onclick = () => ask('load', {}, 'DELETE');
