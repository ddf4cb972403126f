import { spawn, type ChildProcess } from 'node:child_process';
import type { Program, Report } from './program.js';
import { directorySize } from './directory-size.js';
import type { Measured } from './measured.js';
import { processTree } from './process-tree.js';

/** Milliseconds between two looks at memory and disk. */
const INTERVAL = 50;

/** Milliseconds after which a program hangs, as rivals may, and is killed. */
const PATIENCE = 30 * 60_000;

/** Runs a program to its end and measures it. @throws if it fails */
export async function runProgram(program: Program, directory?: string): Promise<Measured> {
  const tree = processTree();
  const programs = program.beside === undefined ? [program] : [program, program.beside];
  const started = performance.now();
  const running = programs.map((each) => start(each, tree.env));
  const roots = running.map(({ child }) => child.pid).filter((pid) => pid !== undefined);
  let disk = 0;
  const look = (): void => {
    tree.look(roots);
    if (directory !== undefined) disk = Math.max(disk, directorySize(directory));
  };
  look();
  const timer = setInterval(look, INTERVAL);
  try {
    await Promise.all(running.map(({ ended }) => ended));
  } finally {
    clearInterval(timer);
    // Where one fails, the one beside it is not left running.
    for (const { child } of running) child.kill();
  }
  const wall = (performance.now() - started) / 1000;
  const usage = tree.end(roots);
  const reports = await Promise.all(running.map(({ ended }, i) => ended.then(reportOf(programs[i]!))));
  const own = reports.map(({ ownMemory = 0 }) => ownMemory);
  return {
    ...usage,
    wall,
    seconds: Math.max(...reports.map(({ seconds }) => seconds)) || wall,
    ownCpu: reports.reduce((sum, { ownCpu = 0 }) => sum + ownCpu, 0),
    result:
      reports.length === 1
        ? reports[0]!.result
        : String(reports.reduce((sum, { result }) => sum + Number(result), 0)),
    memory: Math.max(usage.memory, ...own),
    parentMemory: Math.max(usage.parentMemory, ...own),
    disk: disk / 2 ** 20,
  };
}

function start(program: Program, env: Readonly<Record<string, string>>): Running {
  const child = spawn(program.command, program.args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env, ...program.env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program.name} ended with ${signal ?? `exit code ${code}`}\n${output}`));
    });
  });
  return { child, ended };
}

interface Running {
  readonly child: ChildProcess;
  /** What it printed. */
  readonly ended: Promise<string>;
}

function reportOf({ result }: Program): (output: string) => Report {
  return (output) => {
    const line = output.trim().split('\n').at(-1)!;
    const said = (line.startsWith('{') ? JSON.parse(line) : { seconds: 0 }) as Report;
    return result ? { ...said, result: result() } : said;
  };
}
