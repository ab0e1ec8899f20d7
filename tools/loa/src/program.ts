import { Command, CommanderError } from 'commander';
import { CannotDo } from './cannot-do.js';
import type { Installation } from './installation.js';
import { exitCode, type Outcome } from './outcome.js';
import { parkedCommands } from './usage/parked.js';
import { keeping, makingAnew } from './usage/rows.js';
import { sealing } from './usage/sealing.js';
import type { Output, Shown } from './usage/surface.js';
import { watching } from './usage/watching.js';

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
  if (error instanceof CommanderError) return { message: error.message.replace(/^error: /, '') };
  const { explained } = await import('./failure.js');
  const cause = await explained(error, environment).catch((other: unknown) =>
    other instanceof CannotDo ? other : error,
  );
  const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
  return { message, words: cause instanceof CannotDo ? message : (stack ?? message) };
}

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
