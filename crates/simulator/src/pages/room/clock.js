// Simulated time, and the steps by which it is moved.
import { ask, at, dateTime, make } from '/page/shared/page.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = [['+1 min', MINUTE], ['+1 h', HOUR], ['+24 h', 24 * HOUR], ['+30 h', 30 * HOUR], ['+7 d', 168 * HOUR]];

for (const [label, ms] of STEPS) {
  const button = make('button', { type: 'button', textContent: label, data: { test: `advance-${label.slice(1).replace(' ', '')}` } });
  button.onclick = () => ask('clock/advance', { ms });
  at('steps').append(button);
}

export function showClock({ now_ms }) {
  at('clock').textContent = dateTime(now_ms);
}
