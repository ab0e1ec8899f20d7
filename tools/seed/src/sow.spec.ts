import type { CommandAnswer } from '@loa/event-sourcing';
import { predecessors } from './predecessors.js';
import type { SeedCommand } from './seed-command.js';
import { sow, SowingRefused, type Send } from './sow.js';
import { bacKanWorld } from './world.js';

const world = bacKanWorld();

const refusal = (code: string): CommandAnswer => ({
  status: 'refused',
  code,
  message: { vi: code, en: code },
});
const granted = (id: string): CommandAnswer => ({
  status: 'accepted',
  id,
  version: 1,
  position: 1,
  streamId: 'x',
  warnings: [],
});

/** A door in memory: takes a turn of the event loop or more for each command, and remembers the answer by its key. */
function fakeDoor(
  answer: (command: SeedCommand, attempt: number) => CommandAnswer = ({ idempotencyKey }) =>
    granted(idempotencyKey),
) {
  const answers = new Map<string, CommandAnswer>();
  const attempts = new Map<string, number>();
  const log: SeedCommand[] = [];
  let inside = 0;
  let busiest = 0;
  const send: Send = async (command) => {
    busiest = Math.max(busiest, ++inside);
    for (let turns = command.idempotencyKey.length % 4; turns >= 0; turns -= 1)
      await new Promise(setImmediate);
    inside -= 1;
    const { idempotencyKey: key } = command;
    const before = answers.get(key);
    if (before) return before;
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    const given = answer(command, attempts.get(key) ?? 0);
    if (given.status === 'accepted') {
      answers.set(key, given);
      log.push(command);
    }
    return given;
  };
  return { send, log, attempts, busiest: () => busiest, inside: () => inside };
}

const onlyFirst = (name: string) => {
  let seen = false;
  return ({ contract }: SeedCommand) => contract.name === name && !seen && (seen = true);
};

describe('sowing', () => {
  it('sends everything once, in an order in which each command finds what it builds on', async () => {
    const { send, log } = fakeDoor();
    await sow(world, send, { concurrency: 16 });
    expect(log).toHaveLength(world.commands.length);
    const place = new Map(log.map((command, index) => [command, index]));
    for (const [index, before] of predecessors(world.commands).entries()) {
      const own = place.get(world.commands[index] as SeedCommand) ?? -1;
      for (const earlier of before)
        expect(place.get(world.commands[earlier] as SeedCommand)).toBeLessThan(own);
    }
  });

  it('keeps the phases apart and each activity in order, with different activities at once', async () => {
    const { send, log, busiest } = fakeDoor();
    await sow(world, send, { concurrency: 6 });
    expect(log.map(({ phase }) => phase)).toEqual(world.commands.map(({ phase }) => phase));
    for (const { commands } of Object.values(world.activities)) {
      const places = commands.map((command) => log.indexOf(command));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
    expect(busiest()).toBe(6);
  });

  it('tells how far it is', async () => {
    const seen: string[] = [];
    await sow(world, fakeDoor().send, {
      onProgress: ({ phase, done, total }) => seen.push(`${phase} ${done}/${total}`),
    });
    expect(seen).toHaveLength(world.commands.length);
    expect(seen).toContain('directory 126/126');
    expect(seen.at(-1)).toBe('indicators 5/5');
  });

  it('can be repeated', async () => {
    const { send, log } = fakeDoor();
    await sow(world, send);
    await sow(world, send);
    expect(log).toHaveLength(world.commands.length);
  });

  it('waits for a context that has not caught up', async () => {
    const behind = onlyFirst('DraftActivity');
    const stubborn = new Set<string>();
    const { send, attempts } = fakeDoor((command, attempt) => {
      if (behind(command)) stubborn.add(command.idempotencyKey);
      const { idempotencyKey: key } = command;
      return stubborn.has(key) && attempt < 3 ? refusal('plan-not-known') : granted(key);
    });
    await sow(world, send);
    expect([...stubborn].map((key) => attempts.get(key))).toEqual([3]);
  });

  it('does not wait for ever', async () => {
    const { send } = fakeDoor(({ contract, idempotencyKey }) =>
      contract.name === 'DefineIndicator' ? refusal('agency-not-known') : granted(idempotencyKey),
    );
    await expect(sow(world, send, { patience: 120 })).rejects.toThrow(
      /monitoring\.DefineIndicator .*agency-not-known/,
    );
  });

  it('stops at any other refusal and names the command and the answer', async () => {
    const wrong = onlyFirst('VerifyActivity');
    const door = fakeDoor((command) =>
      wrong(command) ? refusal('not-submitted') : granted(command.idempotencyKey),
    );
    const cause: unknown = await sow(world, door.send).catch((error: unknown) => error);
    expect(cause).toBeInstanceOf(SowingRefused);
    expect(String(cause)).toMatch(
      /reporting\.VerifyActivity \(bac-kan-2022\/activity\/[\w-]+\/\d+-verify\).*not-submitted/,
    );
    expect(door.inside()).toBe(0);
    expect(door.log.length).toBeLessThan(world.commands.length);
  });

  it('does not take words of planning about itself for lateness', async () => {
    const { send, attempts } = fakeDoor(({ contract, idempotencyKey }) =>
      contract.name === 'AssignContent' ? refusal('content-not-in-plan') : granted(idempotencyKey),
    );
    await expect(sow(world, send)).rejects.toThrow(SowingRefused);
    expect(Math.max(...attempts.values())).toBe(1);
  });

  it('passes on the failure of the door itself', async () => {
    await expect(sow(world, () => Promise.reject(new Error('connection refused')))).rejects.toThrow(
      'connection refused',
    );
  });
});
