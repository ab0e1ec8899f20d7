import { eventually } from '@loa/testing';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Proxy } from './proxy.js';

let server: Server;
let proxy: Proxy;
let heard: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (text: Buffer) => {
      heard += text.toString();
      socket.write(`got ${text.toString()};`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await Proxy.open((server.address() as { port: number }).port);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function client() {
  const socket = connect(proxy.port, '127.0.0.1');
  const state = { answers: '', gone: false };
  socket.on('data', (text: Buffer) => (state.answers += text.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (state.gone = true));
  sockets.push(socket);
  await eventually(() => expect(proxy.connections).toBe(1));
  return { socket, state };
}

it('passes on both ways', async () => {
  const { socket, state } = await client();
  socket.write('a');
  await eventually(() => expect(state.answers).toBe('got a;'));
});

it('loses answers to what the server has heard', async () => {
  const { socket, state } = await client();
  const cut = proxy.cutWhileDeaf(300);
  socket.write('a');
  await eventually(() => expect(heard).toBe('a'));
  await cut;
  await eventually(() => expect(state.gone).toBe(true));
  expect(state.answers).toBe('');
});

it('holds everything back while it is stopped, and loses none of it', async () => {
  const { socket, state } = await client();
  const held = proxy.holdBack(300);
  socket.write('a');
  await held;
  expect(heard).toBe('');
  await eventually(() => expect(state.answers).toBe('got a;'));
});
