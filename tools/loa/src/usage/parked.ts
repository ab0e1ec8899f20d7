import type { Command } from 'commander';
import { commands, type Here } from './surface.js';
import { wholeNumber } from './whole-number.js';

export function parkedCommands(program: Command, here: Here): void {
  const group = program.command('parked').description('events that could not be applied');
  looking(group, here);
  settling(group, here);
}

function looking(group: Command, here: Here): void {
  group
    .command('list', { isDefault: true })
    .description('all of them, in pages')
    .option('--reader <name>', 'only those of this reader')
    .option('--first <number>', 'how many of each reader', '1000')
    .option('--after <source:position>', 'only those after this one')
    .action(({ first, ...page }: { reader?: string; first: string; after?: string }) =>
      here(async (installation) =>
        (await commands.parked()).parked(installation, { ...page, first: wholeNumber(first) }),
      ),
    );
  group
    .command('show <stream>')
    .description('those of one stream, with their payloads')
    .action((id: string) =>
      here(async (installation) => (await commands.parked()).showParked(installation, id)),
    );
}

function settling(group: Command, here: Here): void {
  group
    .command('retry <stream>')
    .description('apply what is parked of a stream, in its order')
    .requiredOption('--by <who>', 'who wants it')
    .action((id: string, { by }: { by: string }) =>
      here(async (installation) => (await commands.parked()).retryParked(installation, id, by)),
    );
  group
    .command('retry-all')
    .description('the same for every stream of which something is parked')
    .option('--reader <name>', 'only those of this reader')
    .requiredOption('--by <who>', 'who wants it')
    .action((all: { reader?: string; by: string }) =>
      here(async (installation) => (await commands.parked()).retryAllParked(installation, all)),
    );
  group
    .command('drop <source> <position>')
    .description('leave an event out for good; it stays on record with the reason')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <who>', 'who decided it')
    .action((source: string, position: string, why: { reason: string; by: string }) =>
      here(async (installation) => {
        const at = { source, position: wholeNumber(position) };
        return (await commands.parked()).dropParked(installation, at, why);
      }),
    );
}
