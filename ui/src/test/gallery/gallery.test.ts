/** The gallery is drawn from the real components: every kind has its frame, each says something, and axe finds nothing. */
import { render } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { Desk } from '../../app/desk.svelte';
import { FakeHost } from '../fake-host';
import { aboveOf, framesOf } from './frames';
import Gallery from './Gallery.svelte';
import { samples } from './samples';
import { session } from '../people';
import { threadView } from '../said';
import { part, press } from '../window';

async function hang(frames = samples(), above = [] as ReturnType<typeof aboveOf>) {
  const desk = new Desk(new FakeHost());
  await desk.status.read();
  render(Gallery, { desk, frames, above });
  return [...document.querySelectorAll<HTMLElement>('[data-frame]')];
}

test('every kind hangs there once, and says something', async () => {
  const hung = await hang();
  expect(hung.map((frame) => frame.dataset['frame'])).toEqual(samples().map(({ name }) => name));
  for (const frame of hung) {
    const said = frame.querySelectorAll('[data-test="message"], [data-test="happened"], p');
    expect(said.length, frame.dataset['frame']).toBeGreaterThan(0);
    for (const one of frame.querySelectorAll<HTMLElement>('[data-test="message"]'))
      expect(one.children.length, one.dataset['key']).toBeGreaterThan(0);
  }
});

test('what the desk answered hangs there by the name of its webhook', async () => {
  const problem = {
    kind: 'pageRestricted' as const,
    account: null,
    words: { what: 'Meta stopped this account from sending messages.', action: '' },
  };
  const screens = [
    { session: session({ problems: [problem] }), threads: [] },
    { session: session(), threads: [threadView(samples()[0]!.row, 1)] },
  ];
  const answers = { fixture: 'page_policy_enforcement', screens };
  const hung = await hang(framesOf(answers), aboveOf(answers));
  expect(hung.map((frame) => frame.dataset['frame'])).toEqual(['page_policy_enforcement · step 2']);
  const banner = await part('banner');
  expect(banner.textContent).toContain(problem.words.what);
});

test('an answer says of how many it is, and words stand beside a name of their own', async () => {
  await hang(samples().filter(({ name }) => name === 'what happened'));
  const survey = document.querySelector('[data-kind="feedback"] dl');
  expect([...survey!.children].slice(0, 3).map((one) => one.textContent)).toEqual([
    'Satisfaction',
    '5 of 5',
    'In their words',
  ]);
});

test('a command shows its mark once', async () => {
  await hang(samples().filter(({ name }) => name === 'chosen, offered, pressed'));
  const command = document.querySelector('[data-pressed="command"]');
  expect(command?.textContent?.trim()).toBe('/opening hours');
  expect(command?.querySelector('svg')).toBeNull();
  expect(document.querySelector('[data-pressed="button"] svg')).not.toBeNull();
});

test('a quote says by whom, by the account too, and what was edited says its earlier words without a time', async () => {
  await hang(samples().filter(({ name }) => name === 'taken back, edited, quoted'));
  const quotes = [...document.querySelectorAll('button[data-test="quote"]')];
  expect(quotes.map((one) => one.querySelector('b')?.textContent)).toContain('Page:');
  await press('edited');
  const earlier = [...document.querySelectorAll('[data-test="earlier"] li')];
  expect(earlier.map((one) => one.textContent)).toEqual([
    'Is the blue kettle still in stock?',
    'Is the green kettle still in stock?',
  ]);
});

test('an appointment says whose time it is, and the name of a file its ending', async () => {
  await hang(samples().filter(({ name }) => name === 'what comes with a message'));
  const appointment = document.querySelector('[data-test="appointment"]');
  expect(appointment?.textContent).toMatch(
    /Appointment request · in your time; .*4:31.* in America\/New York/,
  );
  await hang(samples().filter(({ name }) => name === 'media whose link died'));
  const file = document.querySelector('[data-kind="file"][data-state="dead"] .title');
  expect(file?.textContent).toMatch(/^invoice-.*….*\.pdf$/);
});

test('axe finds nothing', async () => {
  await hang();
  // Contrast is computed from the tokens, see tokens.test.ts: this document has no layout.
  const found = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
