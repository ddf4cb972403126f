import { createRequire } from 'node:module';
import { ForkfoldError, OptionError } from '@forkfold/core';
import { readCommandLine } from './command-line.js';
import { doctor } from './doctor.js';
import { helpText } from './help.js';
import { explain, run } from './run.js';

/**
 * The command `forkfold`, with what is written behind its name: its results go to stdout, what is wrong to stderr.
 *
 * @returns The exit code: 0, 1 for a run that failed, 2 for a wrong command line. It does not reject.
 * @example
 * process.exitCode = await main(['-e', 'lines.count()', 'books/*.txt', '--processes', '2']);
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await command(argv);
  } catch (error) {
    process.stderr.write(`forkfold: ${inWords(error)}\n`);
    return isUsage(error) ? 2 : 1;
  }
}

async function command(argv: readonly string[]): Promise<number> {
  const line = readCommandLine(argv);
  if (line.wantsVersion) {
    const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
    process.stdout.write(`${version}\n`);
    return 0;
  }
  switch (line.command) {
    case 'help':
      process.stdout.write(helpText(argv[0] === 'help' ? line.words[0] : undefined));
      return 0;
    case 'doctor':
      return doctor(line.options);
    case 'explain':
      await explain(line);
      return 0;
    case 'run':
      await run(line);
      return 0;
  }
}

/** By its name, since the module of an expression throws such errors, too. */
function isUsage(error: unknown): boolean {
  return error instanceof OptionError || (error instanceof Error && error.name === 'UsageError');
}

/** The stack only where forkfold does not know what went wrong: it is of the user's code then. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isUsage(error)) return error.message;
  return error instanceof ForkfoldError ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
}
