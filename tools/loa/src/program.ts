import { Command, CommanderError } from 'commander';
import { CannotDo } from './cannot-do.js';
import type { Installation } from './installation.js';
import { exitCode, type Outcome } from './outcome.js';

// What a command needs is loaded when it is asked for: all of it together takes seconds.
const commands = {
  status: () => import('./status.command.js'),
  stream: () => import('./stream.command.js'),
  migrate: () => import('./migrate.command.js'),
  verify: () => import('./verify.command.js'),
  proof: () => import('./proof.command.js'),
  generations: () => import('./generations.command.js'),
  records: () => import('./records.command.js'),
  parked: () => import('./parked.command.js'),
  restored: () => import('./restored.command.js'),
};

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
  const shown = async (work: () => Promise<Outcome>): Promise<void> => {
    const outcome = await work();
    output.out(json(program) ? JSON.stringify(outcome.json, null, 2) : outcome.text);
    if (outcome.attention) code = exitCode.attention;
  };
  const program = programOf(shown, { output, environment });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return await failed(error, json(program), { output, environment });
  }
}

const json = (program: Command): boolean => program.opts<{ json?: boolean }>().json === true;

async function failed(
  error: unknown,
  asJson: boolean,
  { output, environment }: Surroundings,
): Promise<number> {
  // Asking for help is no failure.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCode.well;
  const { message, words } = await told(error, environment);
  if (asJson) output.out(JSON.stringify({ error: message }, null, 2));
  if (words !== undefined) output.err(words);
  return exitCode.failed;
}

/** @returns the message, and what somebody at a terminal gets; commander has said already what it had to say */
async function told(
  error: unknown,
  environment: NodeJS.ProcessEnv,
): Promise<{ message: string; words?: string }> {
  if (error instanceof CommanderError) return { message: error.message };
  const { explained } = await import('./failure.js');
  const cause = await explained(error, environment).catch((other: unknown) =>
    other instanceof CannotDo ? other : error,
  );
  const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
  return { message, words: cause instanceof CannotDo ? message : (stack ?? message) };
}

type Shown = (work: () => Promise<Outcome>) => Promise<void>;

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
    shown(async () => {
      const { findInstallation } = await import('./installation.js');
      return work(await findInstallation(environment));
    });
  watching(program, here);
  sealing(program, here, shown, output);
  makingAnew(program, here, output);
  keeping(program, here, output);
  parkedCommands(program, here);
  return program;
}

type Here = (work: (installation: Installation) => Promise<Outcome>) => Promise<void>;

function watching(program: Command, here: Here): void {
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
    .requiredOption('--last <position>', 'the last position that the backup held')
    .action((context: string, { last }: { last: string }) =>
      here(async (installation) =>
        (await commands.restored()).restored(installation, context, wholeNumber(last)),
      ),
    );
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

interface OfRows {
  readonly reader: string;
}

const ofRows = (program: Command, usage: string, description: string): Command =>
  program
    .command(usage)
    .description(description)
    .option('--reader <name>', 'whose rows, by the name that "loa status" has for it', 'gateway');

function makingAnew(program: Command, here: Here, output: Output): void {
  const progress = (line: string): void => output.progress(line);
  ofRows(
    program,
    'rebuild',
    'make the rows of a reader anew from the logs, beside the live ones, and put them in their place',
  )
    .option('--start-over', 'do not go on with what an interrupted run left')
    .option('--force', 'also when events are parked that the live rows contain')
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

function keeping(program: Command, here: Here, output: Output): void {
  ofRows(program, 'generations', 'the generations of the rows of a reader').action(({ reader }: OfRows) =>
    here(async (installation) => (await commands.records()).generations(installation, reader)),
  );
  ofRows(
    program,
    'rollback [number]',
    'let an earlier generation be live again; the newest that is kept unless named',
  ).action((number: string | undefined, { reader }: OfRows) =>
    here(async (installation) => {
      const { rollback } = await commands.generations();
      const wanted = number === undefined ? undefined : wholeNumber(number);
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

function parkedCommands(program: Command, here: Here): void {
  const group = program.command('parked').description('events that could not be applied');
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
  group
    .command('retry <stream>')
    .description('apply what is parked of a stream, in its order')
    .requiredOption('--by <who>', 'who wants it')
    .action((id: string, { by }: { by: string }) =>
      here(async (installation) => (await commands.parked()).retryParked(installation, id, by)),
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

/** A position or the number of a generation. @throws CannotDo */
function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new CannotDo(`${text} is no whole number: give one of 1, 2, 3…`);
}
