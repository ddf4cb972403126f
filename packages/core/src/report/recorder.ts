import { atExit, type Remove } from '../disk/shared-listeners.js';
import type { WrittenFiles } from '../plan/action.js';
import type { WireBranch } from '../plan/compiled-plan.js';
import { verbOf } from '../plan/node.js';
import { traitsOf } from '../plan/verbs.js';
import type { Skipped } from '../protocol/reply.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { describeThrown } from '../values/describe-thrown.js';
import type { AttemptEvent, DiskEvent, EndEvent, RunObserver, StageEvent, TaskEvent } from './observer.js';
import { peakMemory } from './peak-memory.js';
import { checkReportFile, writeReportFile } from './report-file.js';
import type { EngineReport, RunReport, StageReport } from './run-report.js';
import { now } from '../timers.js';

type Deliver = (report: RunReport) => unknown;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export interface RecorderOptions {
  /** Where the report goes: a path, or a function. */
  readonly report: string | Deliver;
  readonly signal: AbortSignal | undefined;
  /** What the run leaves out. */
  readonly skipped: Skipped;
}

/** Keeps the books of a run, and gives its report when it is over. */
export class Recorder implements RunObserver {
  readonly #deliver: Deliver;
  readonly #signal: AbortSignal | undefined;
  readonly #skipped: Skipped;
  readonly #start = new Date();
  readonly #started = now();
  readonly #stages: Mutable<StageReport>[] = [];
  readonly #attempts = { total: 0, retries: 0, crashes: 0, timeouts: 0 };
  /** Tasks whose last attempt gave no reply. */
  readonly #failing = new Set<string>();
  readonly #disk = { kept: 0, task: 0, peak: 0, total: 0 };
  readonly #forget: Remove;
  #processes = 0;
  #output: WrittenFiles | undefined;
  #engine: EngineReport | undefined;
  #stageStarted = 0;
  #childPeak = 0;

  /** @throws OptionError where the report cannot be written. */
  constructor({ report, signal, skipped }: RecorderOptions) {
    if (typeof report === 'string') {
      const file = checkReportFile(report);
      this.#deliver = (given) => writeReportFile(file, given);
    } else this.#deliver = report;
    this.#signal = signal;
    this.#skipped = skipped;
    this.#forget = atExit((code) => {
      const message = `The process exited with code ${code} during the run`;
      void this.#give({ outcome: 'aborted', error: { name: 'Exit', code: '', message } });
    });
  }

  stage({ stage, processes }: StageEvent): void {
    this.#processes = processes;
    this.#stageStarted = now();
    this.#stages.push({
      inputs: stage.branches.map(namesOf),
      sink: verbOf(stage.sink),
      chunks: 0,
      recordsIn: 0,
      recordsOut: 0,
      bytes: 0,
      seconds: 0,
    });
  }

  attempt({ task, outcome }: AttemptEvent): void {
    const key = keyOf(task);
    if (outcome === undefined) {
      this.#attempts.total += 1;
      if (this.#failing.has(key)) this.#attempts.retries += 1;
      return;
    }
    if (outcome.kind === 'died') this.#attempts.crashes += 1;
    if (outcome.kind === 'timeout') this.#attempts.timeouts += 1;
    if (outcome.kind !== 'reply') {
      this.#failing.add(key);
      return;
    }
    this.#failing.delete(key);
    const { rss, disk } = outcome.reply;
    if (this.#processes > 0) this.#childPeak = Math.max(this.#childPeak, rss);
    const use = this.#disk;
    use.total += disk.written;
    use.task = Math.max(use.task, disk.peak);
    use.peak = Math.max(use.peak, use.kept + use.task * Math.max(1, this.#processes));
    use.kept += disk.kept;
  }

  task({ result: { chunks, records, emitted } }: TaskEvent): void {
    const stage = this.#stages.at(-1)!;
    stage.chunks += chunks;
    stage.recordsIn += records;
    stage.recordsOut += emitted.records;
    stage.bytes += emitted.bytes;
    stage.seconds = (now() - this.#stageStarted) / 1000;
  }

  disk(event: DiskEvent): void {
    if (event.kind === 'removed') this.#disk.kept = Math.max(0, this.#disk.kept - event.bytes);
    else this.#output = event.output;
  }

  engine(report: EngineReport): void {
    this.#engine = report;
  }

  /** Gives the report, after everything else of the run. Never rejects: a report does not decide how a run ends. */
  async end({ error }: EndEvent): Promise<void> {
    if (error === undefined) return this.#give({ outcome: 'ok' });
    const isAbort = this.#signal?.aborted === true && error.thrown === this.#signal.reason;
    return this.#give({ outcome: isAbort ? 'aborted' : 'failed', error: describeThrown(error.thrown) });
  }

  async #give(outcome: Pick<RunReport, 'outcome' | 'error'>): Promise<void> {
    this.#forget();
    try {
      await this.#deliver(this.#report(outcome));
    } catch (error) {
      const { message } = describeThrown(error);
      process.emitWarning(
        `The report of a run was not taken: ${message}`,
        'ForkfoldWarning',
        'FORKFOLD_REPORT',
      );
    }
  }

  #report(outcome: Pick<RunReport, 'outcome' | 'error'>): RunReport {
    const { count, records } = this.#skipped;
    const output = this.#output;
    return {
      ...outcome,
      start: this.#start.toISOString(),
      end: new Date().toISOString(),
      seconds: (now() - this.#started) / 1000,
      processes: this.#processes,
      stages: this.#stages,
      attempts: this.#attempts,
      temporaryDisk: { peakBytes: Math.min(this.#disk.peak, this.#disk.total), totalBytes: this.#disk.total },
      memory: { parentPeakBytes: peakMemory(), childPeakBytes: this.#childPeak },
      skipped: { count, records },
      ...(output && { output: { ...output, files: output.files.length } }),
      ...(this.#engine && { engine: this.#engine }),
    };
  }
}

/** The same for all attempts of a task. */
function keyOf({ stage, chunks }: TaskMessage): string {
  return `${stage}-${chunks[0]?.number ?? 'fold'}`;
}

/** What the user calls the source or keyed verb of a branch, and the verbs that follow. */
function namesOf({ from, ops }: WireBranch): string[] {
  const first = 'shuffle' in from ? from.shuffle.verb : from.source;
  return [first, ...ops.map(({ verb }) => verb).filter((verb) => !traitsOf(verb).isHidden)];
}
