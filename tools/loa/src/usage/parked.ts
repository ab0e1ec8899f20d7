import type { Command } from 'commander';
import type { ParkedPage } from '../parked.command.js';
import { commands, type Here } from './surface.js';
import { wholeNumber } from './whole-number.js';

export function parkedCommands(program: Command, here: Here): void {
  const group = program.command('parked').description('events that could not be applied');
  looking(group, here);
  settling(group, here);
}

function looking(group: Command, here: Here): void {
  paged(group.command('list', { isDefault: true }), '1000')
    .description('all of them, in pages')
    // What is no command comes here.
    .allowExcessArguments()
    .action((page: PageOptions, { args: [unknown] }: Command) => {
      if (unknown !== undefined) group.error(`error: unknown command '${unknown}' (see "loa parked --help")`);
      return here(async (installation) => (await commands.parked()).parked(installation, pageOf(page)));
    });
  // With payloads, each as large as the body of a command may be.
  paged(group.command('show <stream>'), '100')
    .description('those of one stream, with their payloads, in pages')
    .action((id: string, page: PageOptions) =>
      here(async (installation) => (await commands.parked()).showParked(installation, id, pageOf(page))),
    );
}

type PageOptions = Omit<ParkedPage, 'first'> & { readonly first: string };

const paged = (command: Command, first: string): Command =>
  command
    .option('--reader <name>', 'only those of this reader')
    .option('--first <number>', 'how many of each reader', first)
    .option('--after <source:position>', 'only those after this one');

/** @throws CannotDo */
const pageOf = ({ first, ...page }: PageOptions): ParkedPage => ({ ...page, first: wholeNumber(first) });

function settling(group: Command, here: Here): void {
  group
    .command('retry <stream>')
    .description('apply what is parked of a stream, in its order')
    .option('--reader <name>', 'only of this reader')
    .requiredOption('--by <who>', 'who wants it')
    .action((id: string, who: { reader?: string; by: string }) =>
      here(async (installation) => (await commands.parked()).retryParked(installation, id, who)),
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
    .option('--reader <name>', 'of which reader, when several have parked it')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <who>', 'who decided it')
    .action((source: string, position: string, why: { reader?: string; reason: string; by: string }) =>
      here(async (installation) => {
        const at = { source, position: wholeNumber(position) };
        return (await commands.parked()).dropParked(installation, at, why);
      }),
    );
}
