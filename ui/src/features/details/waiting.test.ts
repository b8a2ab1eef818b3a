import { expect, test } from 'vitest';
import { HOUR, MINUTE, NOW, row } from '../../test/people';
import type { OwnerView } from '$lib/contract';
import { waiting } from './waiting';

const ours = (sinceMs: number | null): OwnerView => ({
  owner: 'ours',
  appName: null,
  defaultAppName: 'Teabot',
  firstName: 'Teabot',
  routing: 'on',
  untilMs: NOW + 24 * HOUR,
  sinceMs,
});
const said = (waitingSinceMs: number | null, owner: OwnerView) =>
  waiting(row({ thread: 1, name: 'Mara Lindt', waitingSinceMs, owner }), NOW);

test('who waits since the thread was taken is said to', () => {
  expect(said(NOW - 20_000, ours(NOW - 20_000))).toBe(
    'under 1 min, since the thread came to Baton',
  );
});

test('who wrote while it was ours waits since then, and nobody where nobody does', () => {
  expect(said(NOW - 5 * MINUTE, ours(NOW - HOUR))).toBe('5 min');
  expect(said(NOW - HOUR, { ...ours(NOW - HOUR), owner: 'idle' })).toBe('1 h');
  expect(said(null, ours(NOW))).toBe('No');
});
