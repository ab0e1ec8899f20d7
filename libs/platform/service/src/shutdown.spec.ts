import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { endsConnections } from './shutdown.js';

let begun: () => void;
let goOn: () => void;
const hasBegun = new Promise<void>((resolve) => (begun = resolve));
const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));

@Controller('slow')
class SlowController {
  @Get()
  async answer(): Promise<string> {
    begun();
    await mayGoOn;
    return 'done';
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

it('a server that closes answers what it has taken in, and its last answer ends the connection', async () => {
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(SlowModule, adapter, { logger: false });
  endsConnections(app);
  const closing = new Promise<void>((resolve) => {
    const hook = (done: () => void) => {
      resolve();
      done();
    };
    app.getHttpAdapter().getInstance().addHook('preClose', hook);
  });
  await app.listen(0, '127.0.0.1');
  const agent = new Agent({ keepAlive: true });
  try {
    const asked = get(`${await app.getUrl()}/slow`, { agent });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    await hasBegun;
    const closed = app.close();
    await closing;
    goOn();
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe('close');
    answer.resume();
    // A kept connection would hold it for as long as the client likes.
    await closed;
  } finally {
    agent.destroy();
  }
});
