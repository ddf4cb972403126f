import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineError } from '../engine-error.js';
import { endError, statementError, type ProcessEnd } from './cli-error.js';
import { linesOf } from './row-lines.js';
import { mainScript, marksOf, SCRIPTS, stepScript, waitScript, type Marks } from './scripts.js';

/** The command line of Spark, kept open: it takes one step of statements after another. */
export interface SqlProcess {
  /** Marks the rows of a query, and all else that is told. */
  readonly marks: Marks;
  readonly isAlive: boolean;
  /** What it has written to stderr since the last step began, the end of it. */
  readonly stderr: string;
  /** For errors. */
  applicationId: string | undefined;
  /**
   * Runs statements, and gives the lines that they print; the next step waits for the rest of them. An abort kills the process.
   * @throws EngineError where a statement fails, or the process ends.
   */
  step(statements: readonly string[], signal?: AbortSignal): AsyncGenerator<string, void, undefined>;
  /** Has it end, kills it where it does not, and waits until it is gone. */
  close(): Promise<void>;
}

export interface SqlProcessOptions {
  /** The program, and its first arguments. */
  readonly command: readonly string[];
  /** Spark's configuration. */
  readonly conf: Readonly<Record<string, string | number | boolean>>;
  /** A directory of its own, whose path has no white space. */
  readonly directory: string;
}

/** It does not notice when its parent is killed; the shell beside it sees a pipe end, and stops it. */
const WATCH = '(cat <&3; kill $$) > /dev/null 2>&1 & exec 3<&-; exec "$0" "$@"';
/** In ms: how long it may take to end by itself, and after it was asked by a signal. */
const PATIENCE = 10_000;
/** So many characters of stderr are kept, the last ones. */
const MOST_STDERR = 2 ** 18;

export function startSqlProcess({ command, conf, directory }: SqlProcessOptions): SqlProcess {
  const marks = marksOf(`forkfold-${randomBytes(4).toString('hex')}`);
  const main = join(directory, SCRIPTS.main);
  writeFileSync(main, mainScript(directory));
  writeFileSync(join(directory, SCRIPTS.wait), waitScript(directory, marks));
  const settings = Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]);
  const child = spawn('sh', ['-c', WATCH, ...command, ...settings, '-f', main], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return new OpenProcess(child, { command, directory, marks });
}

class OpenProcess implements SqlProcess {
  readonly marks: Marks;
  applicationId: string | undefined;
  readonly #child: ChildProcess;
  readonly #command: readonly string[];
  readonly #directory: string;
  readonly #lines: AsyncGenerator<string, void, undefined>;
  readonly #ended: Promise<ProcessEnd>;
  #end: ProcessEnd | undefined;
  #isKilled = false;
  #stderr = '';
  /** How often it was told on stderr that a step is waited for, and who waits to hear of it. */
  #waits = 0;
  #onWaits: (() => void) | undefined;
  /** The steps so far. */
  #steps = 0;
  /** Ends when the process waits for a step. */
  #idle: Promise<unknown>;

  constructor(
    child: ChildProcess,
    given: { readonly command: readonly string[]; readonly directory: string; readonly marks: Marks },
  ) {
    this.#child = child;
    this.#command = given.command;
    this.#directory = given.directory;
    this.marks = given.marks;
    this.#lines = linesOf(child.stdout!);
    createInterface({ input: child.stderr! }).on('line', (line) => this.#hear(line));
    this.#ended = new Promise((resolve) => {
      child.on('error', (error) => this.#hear(error.message));
      child.on('exit', () => this.#watch.destroy());
      child.on('close', (code, signal) => {
        this.#end = { code, signal };
        this.#onWaits?.();
        resolve(this.#end);
      });
    });
    this.#idle = this.#rest();
  }

  get isAlive(): boolean {
    return !this.#isKilled && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get stderr(): string {
    return this.#stderr;
  }

  async *step(statements: readonly string[], signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
    const before = this.#idle;
    let isOver: () => void = () => undefined;
    this.#idle = new Promise<void>((resolve) => (isOver = resolve));
    this.#hold(true);
    const abort = abortOf(signal, () => void this.#kill());
    let isComplete = false;
    try {
      await Promise.race([before, abort.happened]);
      this.#begin(statements);
      const output = this.#untilWaits();
      let isDone = false;
      for (;;) {
        const next = await Promise.race([output.next(), abort.happened]);
        if (next.done) break;
        if (next.value === this.marks.done) isDone = true;
        else yield next.value;
      }
      isComplete = true;
      if (this.#end !== undefined) throw this.#endError();
      if (!isDone) throw statementError(this.#stderr, this.applicationId);
    } finally {
      abort.forget();
      const rest = isComplete ? Promise.resolve() : before.then(() => this.#rest());
      void rest.then(() => {
        this.#hold(false);
        isOver();
      });
    }
  }

  async close(): Promise<void> {
    this.#hold(true);
    if (this.isAlive && this.#waits > this.#steps) this.#write('quit;\n');
    else void this.#kill();
    const late = setTimeout(() => void this.#kill(), PATIENCE);
    await this.#readToEnd();
    clearTimeout(late);
  }

  /** What is printed until a step is waited for, or to the end. */
  async *#untilWaits(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const next = await this.#lines.next();
      if (next.done) {
        await this.#ended;
        return;
      }
      if (next.value === this.marks.waits) break;
      yield next.value;
    }
    // What failed is told on the other pipe, which may be read later.
    while (this.#waits <= this.#steps && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#onWaits = resolve));
    }
  }

  async #rest(): Promise<void> {
    for await (const _ of this.#untilWaits());
  }

  #begin(statements: readonly string[]): void {
    if (!this.isAlive || this.#waits <= this.#steps) return;
    this.#stderr = '';
    this.#steps += 1;
    this.#write(stepScript(this.#directory, statements, this.marks));
  }

  /** The step is whole once it is there. */
  #write(script: string): void {
    const path = join(this.#directory, SCRIPTS.step);
    writeFileSync(`${path}.new`, script);
    renameSync(`${path}.new`, path);
  }

  #hear(line: string): void {
    if (line === this.marks.waits) {
      this.#waits += 1;
      this.#onWaits?.();
    } else this.#stderr = `${this.#stderr}${line}\n`.slice(-MOST_STDERR);
  }

  #endError(): EngineError {
    const { applicationId } = this;
    return endError(this.#command, this.#end!, { stderr: this.#stderr, applicationId });
  }

  async #kill(): Promise<void> {
    this.#isKilled = true;
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE);
    await this.#readToEnd();
    clearTimeout(late);
  }

  /** A process is over when all that it has written is read. */
  async #readToEnd(): Promise<void> {
    while (!(await this.#lines.next()).done);
    await this.#ended;
  }

  get #watch(): Socket {
    return this.#child.stdio[3] as Socket;
  }

  /** A process that waits does not keep this one from ending. */
  #hold(isHeld: boolean): void {
    const held = [this.#child, this.#child.stdout, this.#child.stderr, this.#watch] as (
      ChildProcess | Socket
    )[];
    for (const one of held) {
      if (isHeld) one.ref();
      else one.unref();
    }
  }
}

/** Rejects with the reason of a signal when that aborts, and has something done. */
function abortOf(
  signal: AbortSignal | undefined,
  then: () => void,
): { readonly happened: Promise<never>; forget(): void } {
  let listener: () => void = () => undefined;
  const happened = new Promise<never>((_, reject) => {
    listener = (): void => {
      reject(signal!.reason as Error);
      then();
    };
    if (signal?.aborted) listener();
    else signal?.addEventListener('abort', listener);
  });
  // The abort may come when nobody waits for it.
  happened.catch(() => undefined);
  return { happened, forget: () => signal?.removeEventListener('abort', listener) };
}
