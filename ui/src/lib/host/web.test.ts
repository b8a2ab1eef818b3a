// @vitest-environment node
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { webHost } from './web';

type Asked = { method: string; path: string; body: string };

let server: Server;
let base: string;
let asked: Asked[];
let answer: { status: number; body: string };

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push({ method: request.method ?? '', path: request.url ?? '', body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
});

test('a call is a POST of the request to the name of the command', async () => {
  answer = { status: 200, body: '{"name":"theme","value":null}' };
  expect(await webHost(base).call('setting', { name: 'theme' })).toEqual({
    name: 'theme',
    value: null,
  });
  expect(asked).toEqual([{ method: 'POST', path: '/api/call/setting', body: '{"name":"theme"}' }]);
});

test('a refusal comes as the host gave it', async () => {
  const error = {
    code: 'notFound',
    message: 'It is gone.',
    action: '',
    retryable: false,
    link: null,
  };
  answer = { status: 422, body: JSON.stringify(error) };
  await expect(webHost(base).call('session', null)).rejects.toEqual(error);
});

test('an answer that is no refusal, or none at all, is failed', async () => {
  answer = { status: 500, body: 'a stack trace' };
  await expect(webHost(base).call('session', null)).rejects.toMatchObject({ code: 'failed' });
  server.close();
  server.closeAllConnections();
  await expect(webHost(base).call('session', null)).rejects.toMatchObject({ code: 'failed' });
});
