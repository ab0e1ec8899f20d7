import type { Command } from 'commander';
import { commands, type Here, type Output } from './surface.js';
import { wholeNumber } from './whole-number.js';

interface OfRows {
  readonly reader: string;
}

const ofRows = (program: Command, usage: string, description: string): Command =>
  program
    .command(usage)
    .description(description)
    .option('--reader <name>', 'whose rows, by the name that "loa status" has for it', 'gateway');

export function makingAnew(program: Command, here: Here, output: Output): void {
  const progress = (line: string): void => output.progress(line);
  ofRows(
    program,
    'rebuild',
    'make the rows of a reader anew from the logs, beside the live ones, and put them in their place',
  )
    .option('--start-over', 'do not go on with what an interrupted run left')
    .option(
      '--force',
      'also when events are parked, or of a type this release does not know, that the live rows contain',
    )
    .action(({ reader, ...options }: OfRows & { startOver?: boolean; force?: boolean }) =>
      here(async (installation) =>
        (await commands.generations()).rebuild(installation, reader, options, progress),
      ),
    );
  ofRows(program, 'drift', 'compare the live rows with ones made anew from the logs, and keep the result')
    .option('--list', 'what earlier checks found, without checking')
    .action(({ reader, list }: OfRows & { list?: boolean }) =>
      here(async (installation) =>
        list
          ? (await commands.records()).driftHistory(installation, reader, 20)
          : (await commands.generations()).drift(installation, reader, progress),
      ),
    );
}

export function keeping(program: Command, here: Here, output: Output): void {
  ofRows(program, 'generations', 'the generations of the rows of a reader').action(({ reader }: OfRows) =>
    here(async (installation) => (await commands.records()).generations(installation, reader)),
  );
  ofRows(
    program,
    'rollback [number]',
    'let an earlier generation be live again; the newest that is kept unless named',
  )
    .option('--force', 'also when this release does not know the type of events that the live rows contain')
    .action((number: string | undefined, { reader, force = false }: OfRows & { force?: boolean }) =>
      here(async (installation) => {
        const { rollback } = await commands.generations();
        const wanted = number === undefined ? { force } : { force, number: wholeNumber(number) };
        return rollback(installation, reader, wanted, (line) => output.progress(line));
      }),
    );
  ofRows(program, 'discard <number>', 'remove a generation that is not live').action(
    (number: string, { reader }: OfRows) =>
      here(async (installation) =>
        (await commands.generations()).discard(installation, reader, wholeNumber(number)),
      ),
  );
}
