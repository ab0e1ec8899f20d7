import type { Command } from 'commander';
import { commands, type Here } from './surface.js';
import { wholeNumber } from './whole-number.js';

export function watching(program: Command, here: Here): void {
  program
    .command('status')
    .description('where every log, relay, seal and reader stands')
    .action(() => here(async (installation) => (await commands.status()).status(installation)));
  program
    .command('stream <id>')
    .description('the life of one thing: every event of it, oldest first')
    .action((id: string) => here(async (installation) => (await commands.stream()).stream(installation, id)));
  program
    .command('migrate')
    .description('bring every database to the schema of this build')
    .action(() => here(async (installation) => (await commands.migrate()).migrate(installation)));
  program
    .command('restored <context>')
    .description('declare that a log was restored without its last events, which were published')
    .requiredOption('--last <position>', 'the last position that the backup held; 0: none')
    .action((context: string, { last }: { last: string }) =>
      here(async (installation) =>
        (await commands.restored()).restored(installation, context, wholeNumber(last, 0)),
      ),
    );
}
