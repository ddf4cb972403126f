import { readFileSync } from 'node:fs';
import type { DescriptionBytes } from '../protocol/run-description.js';
import type { TaskReply } from '../protocol/reply.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { Loading } from '../task/load-functions.js';
import { EarlyParts, type EarlyPart } from '../task/early-parts.js';
import { loadRun, type LoadedRun } from '../task/load-run.js';
import { measured } from '../task/measured.js';
import { failureOf, loadedReply, runTask } from '../task/run-task.js';
import type { TaskPlace } from '../task/task-context.js';
import { localPlace } from './local-place.js';

/**
 * How much a process remembers. The tasks of runs that share a pool take turns in a child, and to load a run costs more
 * than most tasks; but each one holds its job's arguments. What is forgotten is loaded again.
 */
const MOST_RUNS = 512;
const MOST_BYTES = 16 * 2 ** 20;
/** So many are remembered however large they are. */
const LEAST_RUNS = 8;

interface Remembered {
  readonly run: Promise<LoadedRun>;
  readonly bytes: number;
}

/** What a child says that does not know the run of a task: it is to be told again. */
export const UNKNOWN_RUN = { unknown: true } as const;
export type UnknownRun = typeof UNKNOWN_RUN;

/** What a child says that knows no task that has stopped by that name: another child had it. */
const LOST_TASK = { lost: true } as const;
export type LostTask = typeof LOST_TASK;

type Tell = NonNullable<TaskPlace['pulse']>;

/** The runs that a process works on. */
export class LoadedRuns {
  readonly #tell: Tell | undefined;
  readonly #loading: Parameters<typeof loadRun>[1];
  /** The run that was used last is at the end. */
  readonly #runs = new Map<string, Remembered>();
  #bytes = 0;
  /** Tasks that have handed over a part, and wait to be asked for more. */
  readonly #stopped = new Map<string, Stopped>();

  /**
   * @param parked Settles when a module that is loaded starts a run of its own.
   * @param compile Makes functions of texts, where that is another way than usual.
   * @param tell Hears how far tasks are, of runs that somebody watches.
   */
  constructor(parked: Promise<void>, compile?: Loading['compile'], tell?: Tell) {
    this.#tell = tell;
    this.#loading = { parked, ...(compile && { compile }) };
  }

  /** Loads the functions of a run before its first task, and forgets the runs that have ended. Never rejects. */
  async load(name: string, description: DescriptionBytes, ended: readonly string[]): Promise<TaskReply> {
    for (const run of ended) this.#forget(run);
    try {
      const bytes = 'file' in description ? readFileSync(description.file) : description;
      const run = loadRun(bytes, this.#loading);
      this.#forget(name);
      this.#remember(name, { run, bytes: bytes.length });
      await run;
      return measured(loadedReply);
    } catch (error) {
      this.#forget(name);
      return measured({ ok: false, failure: failureOf(error) });
    }
  }

  /** Runs a task of a run that was loaded, or has it go on. Never rejects. */
  async run(task: TaskMessage): Promise<TaskReply | UnknownRun | LostTask> {
    if (task.goesOn) {
      const stopped = this.#stopped.get(keyOf(task));
      if (stopped === undefined) return LOST_TASK;
      const reply = this.#untilPart(task, stopped);
      stopped.parts.goOn();
      return reply;
    }
    const known = this.#runs.get(task.run);
    if (known === undefined) return UNKNOWN_RUN;
    this.#runs.delete(task.run);
    this.#runs.set(task.run, known);
    try {
      const run = await known.run;
      const pulse = this.#tell && { pulse: this.#tell };
      const place = { ...localPlace(task, run.description), ...pulse };
      if (!task.mayPause) return await runTask(task, run, place);
      const parts = new EarlyParts();
      const reply = parts.next();
      const stopped = { run: task.run, parts, answer: runTask(task, run, place, parts) };
      return await this.#untilPart(task, stopped, reply);
    } catch (error) {
      return measured({ ok: false, failure: failureOf(error) });
    }
  }

  /** What a task answers next: a part, after which it stops, or its end. */
  async #untilPart(
    task: TaskMessage,
    stopped: Stopped,
    part: Promise<EarlyPart> = stopped.parts.next(),
  ): Promise<TaskReply> {
    const key = keyOf(task);
    this.#stopped.set(key, stopped);
    const reply = await Promise.race([part.then((given) => measured(given)), stopped.answer]);
    if (!(reply.ok && reply.more)) this.#stopped.delete(key);
    return reply;
  }

  #remember(name: string, made: Remembered): void {
    this.#runs.set(name, made);
    this.#bytes += made.bytes;
    for (const oldest of this.#runs.keys()) {
      const isTooMuch =
        this.#runs.size > MOST_RUNS || (this.#runs.size > LEAST_RUNS && this.#bytes > MOST_BYTES);
      if (!isTooMuch) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#runs.get(name)?.bytes ?? 0;
    this.#runs.delete(name);
    for (const [key, { run, parts }] of this.#stopped) {
      if (run !== name) continue;
      this.#stopped.delete(key);
      parts.abandon();
    }
  }
}

/** A task that has handed over a part. */
interface Stopped {
  readonly run: string;
  readonly parts: EarlyParts;
  readonly answer: Promise<TaskReply>;
}

function keyOf({ run, name }: TaskMessage): string {
  return `${run}\n${name}`;
}
