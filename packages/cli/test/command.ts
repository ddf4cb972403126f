import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const program = join(import.meta.dirname, '..', 'dist', 'main.js');
const index = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'index.js')).href;

/** What a command line has written, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a process of its own, in a folder. */
export function start(
  cwd: string,
  args: readonly string[],
  flags: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...flags, program, ...args], { cwd });
}

/** Runs the command with this on its stdin. */
export async function forkfold(cwd: string, args: readonly string[], stdin = ''): Promise<Ended> {
  return ended(start(cwd, args), stdin);
}

/** What the command makes of each of these, one after another in one process, in a folder. */
export async function forkfolds(cwd: string, all: readonly (readonly string[])[]): Promise<Ended[]> {
  const { stdout, stderr } = await ended(
    spawn(process.execPath, ['--input-type=module', '--eval', oneByOne, JSON.stringify(all)], { cwd }),
  );
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Ended[];
}

const oneByOne = `
  import { main } from ${JSON.stringify(index)};
  const all = [];
  for (const args of JSON.parse(process.argv[1])) {
    const one = { stdout: '', stderr: '' };
    for (const name of Object.keys(one)) process[name].write = (text) => ((one[name] += text), true);
    const code = await main(args);
    all.push({ code, ...one });
  }
  delete process.stdout.write;
  process.stdout.write(JSON.stringify(all));`;

async function ended(child: ChildProcessWithoutNullStreams, stdin = ''): Promise<Ended> {
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
