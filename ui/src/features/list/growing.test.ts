/** What is asked for while a page is on its way is read afterwards. */
import { expect, test } from 'vitest';
import { Growing } from './growing';

/** A read that is answered by hand. */
function byHand() {
  let answer: (page: string) => void = () => {};
  let fail: () => void = () => {};
  const read = () =>
    new Promise<string>((resolve, reject) => {
      answer = resolve;
      fail = () => reject(new Error('no'));
    });
  return { read, answer: (page: string) => answer(page), fail: () => fail() };
}

test('an end that is asked for while another page is on its way is asked for afterwards, the last one only', async () => {
  const growing = new Growing();
  const below = byHand();
  const asked: string[] = [];
  const ask = (what: string) => () => Promise.resolve(void asked.push(what));
  const reading = growing.run(ask('below'), below.read, () => true);
  await growing.run(ask('above'), () => Promise.resolve(''), expect.fail);
  await growing.run(ask('far above'), () => Promise.resolve(''), expect.fail);
  expect(asked).toEqual([]);
  below.answer('page');
  await reading;
  expect(asked).toEqual(['far above']);
});

test('a page that does not fit any more is asked for again', async () => {
  const growing = new Growing();
  const pages = [byHand(), byHand()];
  const joined: string[] = [];
  const grow = (): Promise<void> =>
    growing.run(grow, pages[joined.length]!.read, (page) => joined.push(page) === 2);
  const reading = grow();
  pages[0]!.answer('too late');
  await new Promise((done) => setTimeout(done));
  pages[1]!.answer('fits');
  await reading;
  expect(joined).toEqual(['too late', 'fits']);
});

test('a read that fails is not repeated by itself, and what was asked for meanwhile is', async () => {
  const growing = new Growing();
  const below = byHand();
  const asked: string[] = [];
  const ask = (what: string) => () => Promise.resolve(void asked.push(what));
  let reading = growing.run(ask('below'), below.read, expect.fail);
  below.fail();
  await reading;
  expect(asked).toEqual([]);
  reading = growing.run(ask('below'), below.read, expect.fail);
  await growing.run(ask('above'), () => Promise.resolve(''), expect.fail);
  below.fail();
  await reading;
  expect(asked).toEqual(['above']);
});
