import type { Command } from 'commander';
import { commands, type Here, type Output, type Shown } from './surface.js';
import { wholeNumber } from './whole-number.js';

export function sealing(program: Command, here: Here, shown: Shown, output: Output): void {
  const collect = (file: string, files: readonly string[]) => [...files, file];
  program
    .command('verify [context]')
    .description(
      'compare whole logs with their seals; names the first event that was altered, is missing or was inserted',
    )
    .option('--root <file>', 'also with a root exported before; may be given several times', collect, [])
    .action((context: string | undefined, { root: rootFiles }: { root: string[] }) =>
      here(async (installation) => {
        const { verify } = await commands.verify();
        const onProgress = (line: string) => output.progress(line);
        return verify(installation, { rootFiles, onProgress, ...(context !== undefined && { context }) });
      }),
    );
  program
    .command('root <context>')
    .description('export the newest root of a log, to be kept elsewhere')
    .action((context: string) =>
      here(async (installation) => (await commands.proof()).root(installation, context)),
    );
  program
    .command('prove <context> <position>')
    .description('export one event with its way to the newest root')
    .action((context: string, position: string) =>
      here(async (installation) =>
        (await commands.proof()).prove(installation, context, wholeNumber(position)),
      ),
    );
  program
    .command('check <proof>')
    .description('check an exported event, without any database')
    .option('--root <file>', 'against a root that came another way')
    .action((file: string, { root: rootFile }: { root?: string }) =>
      shown(async () => (await commands.proof()).check(file, rootFile)),
    );
}
