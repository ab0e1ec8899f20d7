import { GenerationRefusal } from '@loa/projections';
import { BadConfiguration } from '@loa/service';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { discard, drift, driftHistory, generations, rebuild, rollback } from './generations.command.js';
import { CannotDo, findInstallation, type Installation } from './installation.js';
import { migrate } from './migrate.command.js';
import { exitCode, type Outcome } from './outcome.js';
import { dropParked, parked, retryParked, showParked } from './parked.command.js';
import { check, prove, root } from './proof.command.js';
import { status } from './status.command.js';
import { stream } from './stream.command.js';
import { readRoot, verify } from './verify.command.js';

/** Where a run of the program writes. */
export interface Output {
  /** Results. */
  out(line: string): void;
  /** What went wrong. */
  err(line: string): void;
  /** How far it has come; on a terminal each line takes the place of the one before. */
  progress(line: string): void;
}

export interface Surroundings {
  readonly output: Output;
  readonly environment: NodeJS.ProcessEnv;
}

const overwriting = process.stderr.isTTY;
const toConsole: Output = {
  out: (line) => console.log(overwriting ? `\r\x1b[K${line}` : line),
  err: (line) => console.error(line),
  progress: (line) => process.stderr.write(overwriting ? `\r\x1b[K${line}` : `${line}\n`),
};

/**
 * Runs one command line.
 * @param args without the program itself
 * @returns the exit code, see {@link exitCode}
 */
export async function run(
  args: readonly string[],
  { output, environment }: Surroundings = { output: toConsole, environment: process.env },
): Promise<number> {
  let code: number = exitCode.well;
  const shown = (work: () => Promise<Outcome>) => async (): Promise<void> => {
    const outcome = await work();
    output.out(json(program) ? JSON.stringify(outcome.json, null, 2) : outcome.text);
    if (outcome.attention) code = exitCode.attention;
  };
  const program = programOf(shown, { output, environment });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, output);
  }
}

const json = (program: Command): boolean => program.opts<{ json?: boolean }>().json === true;

function failed(error: unknown, output: Output): number {
  // Commander has said what it had to say; asking for help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.well : exitCode.failed;
  const forPeople = [CannotDo, BadConfiguration, GenerationRefusal].some((kind) => error instanceof kind);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  output.err(forPeople ? message : (stack ?? message));
  return exitCode.failed;
}

type Shown = (work: () => Promise<Outcome>) => () => Promise<void>;

function programOf(shown: Shown, { output, environment }: Surroundings): Command {
  const program = new Command('loa')
    .description('Looks after a running Loa: its logs, readers and seals.')
    .option('--json', 'print the result as JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text.trimEnd()),
    })
    .addHelpText(
      'after',
      `
Without settings: the standalone Loa that runs here. Otherwise LOA_PLANNING_DATABASE_URL, LOA_REPORTING_DATABASE_URL,
LOA_MONITORING_DATABASE_URL and LOA_READ_DATABASE_URL name the databases; what changes tables also wants the addresses of
their owners (LOA_PLANNING_OWNER_DATABASE_URL and so on). LOA_RELEASE names the build: a rebuild that was interrupted is
gone on with by the same build only.

Exit codes: 0 all well, 1 done and something needs attention, 2 could not be done.`,
    );
  const here = (work: (installation: Installation) => Promise<Outcome>) =>
    shown(async () => work(await findInstallation(environment)));
  watching(program, here);
  sealing(program, here, shown, output);
  generationCommands(program, here, output);
  parkedCommands(program, here);
  return program;
}

type Here = (work: (installation: Installation) => Promise<Outcome>) => () => Promise<void>;

function watching(program: Command, here: Here): void {
  program
    .command('status')
    .description('where every log, relay, seal and reader stands')
    .action(here(status));
  program
    .command('stream <id>')
    .description('the life of one thing: every event of it, oldest first')
    .action((id: string) => here((installation) => stream(installation, id))());
  program
    .command('migrate')
    .description('bring every database to the schema of this build')
    .action(here(migrate));
}

function sealing(program: Command, here: Here, shown: Shown, output: Output): void {
  const collect = (file: string, files: readonly string[]) => [...files, file];
  program
    .command('verify [context]')
    .description(
      'compare whole logs with their seals; names the first event that was altered, is missing or was inserted',
    )
    .option('--root <file>', 'also with a root exported before; may be given several times', collect, [])
    .action((context: string | undefined, { root: rootFiles }: { root: string[] }) =>
      here((installation) =>
        verify(installation, {
          rootFiles,
          onProgress: (line) => output.progress(line),
          ...(context !== undefined && { context }),
        }),
      )(),
    );
  program
    .command('root <context>')
    .description('export the newest root of a log, to be kept elsewhere')
    .action((context: string) => here((installation) => root(installation, context))());
  program
    .command('prove <context> <position>')
    .description('export one event with its way to the newest root')
    .action((context: string, position: string) =>
      here((installation) => prove(installation, context, wholeNumber(position)))(),
    );
  program
    .command('check <proof>')
    .description('check an exported event, without any database')
    .option('--root <file>', 'against a root that came another way')
    .action((file: string, { root: rootFile }: { root?: string }) =>
      shown(async () => check(file, rootFile === undefined ? undefined : await readRoot(rootFile)))(),
    );
}

function generationCommands(program: Command, here: Here, output: Output): void {
  const progress = (line: string): void => output.progress(line);
  program
    .command('rebuild')
    .description('make the read tables anew from the logs, beside the live ones, and put them in their place')
    .option('--start-over', 'do not go on with what an interrupted run left')
    .option('--force', 'also when events are parked that the live rows contain')
    .action((options: { startOver?: boolean; force?: boolean }) =>
      here((installation) => rebuild(installation, options, progress))(),
    );
  program.command('generations').description('the generations of the read tables').action(here(generations));
  program
    .command('rollback [number]')
    .description('let an earlier generation be live again; the newest that is kept unless named')
    .action((number: string | undefined) =>
      here((installation) =>
        rollback(installation, number === undefined ? undefined : wholeNumber(number), progress),
      )(),
    );
  program
    .command('discard <number>')
    .description('remove a generation that is not live')
    .action((number: string) => here((installation) => discard(installation, wholeNumber(number)))());
  program
    .command('drift')
    .description('compare the live read tables with ones made anew from the logs, and keep the result')
    .option('--list', 'what earlier checks found, without checking')
    .action(({ list }: { list?: boolean }) =>
      here((installation) => (list ? driftHistory(installation, 20) : drift(installation, progress)))(),
    );
}

function parkedCommands(program: Command, here: Here): void {
  const group = program.command('parked').description('events that could not be applied');
  group.command('list', { isDefault: true }).description('all of them').action(here(parked));
  group
    .command('show <stream>')
    .description('those of one stream, with their payloads')
    .action((id: string) => here((installation) => showParked(installation, id))());
  group
    .command('retry <stream>')
    .description('apply what is parked of a stream, in its order')
    .requiredOption('--by <who>', 'who wants it')
    .action((id: string, { by }: { by: string }) =>
      here((installation) => retryParked(installation, id, by))(),
    );
  group
    .command('drop <source> <position>')
    .description('leave an event out for good; it stays on record with the reason')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <who>', 'who decided it')
    .action((source: string, position: string, why: { reason: string; by: string }) =>
      here((installation) => dropParked(installation, { source, position: wholeNumber(position) }, why))(),
    );
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`${text} is no position: they are 1, 2, 3…`);
}
