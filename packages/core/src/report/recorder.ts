import type { Counts } from '../counters.js';
import { atExit, type Remove } from '../disk/shared-listeners.js';
import type { WrittenFiles } from '../plan/action.js';
import type { Skipped, TaskDone } from '../protocol/reply.js';
import { isSearch, type TaskMessage } from '../protocol/task-message.js';
import { describeThrown } from '../values/describe-thrown.js';
import { adviceOf } from './advice.js';
import { availableCores } from './available-cores.js';
import { ChildrenBooks } from './children-books.js';
import type { AttemptEvent, DiskEvent, EndEvent, RunObserver, StageEvent, TaskEvent } from './observer.js';
import { ParentBooks } from './parent-books.js';
import { checkReportFile, writeReportFile } from './report-file.js';
import type { ProfileReport } from './profile.js';
import type { EngineReport, RunReport } from './run-report.js';
import type { StageDetails } from './run-snapshot.js';
import { StageBooks } from './stage-books.js';
import { taskKey } from './task-key.js';
import { now } from '../timers.js';

type Deliver = (report: RunReport) => unknown;

export interface RecorderOptions {
  /** Where the report goes: a path, or a function. */
  readonly report: string | Deliver;
  readonly signal: AbortSignal | undefined;
  /** What the run leaves out. */
  readonly skipped: Skipped;
  /** What its functions count. */
  readonly counts: Counts;
  /** The option, in MB, for advice. */
  readonly memoryLimit?: number | undefined;
}

/** Keeps the books of a run, and gives its report when it is over. */
export class Recorder implements RunObserver {
  readonly #deliver: Deliver;
  readonly #signal: AbortSignal | undefined;
  readonly #skipped: Skipped;
  readonly #counts: Counts;
  readonly #memoryLimit: number | undefined;
  readonly #start = new Date();
  readonly #started = now();
  readonly #stages: StageBooks[] = [];
  readonly #children = new ChildrenBooks();
  readonly #parent = new ParentBooks();
  readonly #restored = { tasks: 0, chunks: 0, records: 0 };
  readonly #attempts = { total: 0, retries: 0, crashes: 0, timeouts: 0 };
  /** Tasks whose last attempt gave no reply. */
  readonly #failing = new Set<string>();
  readonly #disk = { kept: 0, task: 0, peak: 0, total: 0 };
  readonly #forget: Remove;
  #processes = 0;
  /** The stage that tasks work for, and which others may share the pass of. */
  #current = 0;
  #output: WrittenFiles | undefined;
  #engine: EngineReport | undefined;
  #profile: ProfileReport | undefined;
  #childPeak = 0;

  /** @throws OptionError where the report cannot be written. */
  constructor({ report, signal, skipped, counts, memoryLimit }: RecorderOptions) {
    if (typeof report === 'string') {
      const file = checkReportFile(report);
      this.#deliver = (given) => writeReportFile(file, `${JSON.stringify(given, undefined, 2)}\n`);
    } else this.#deliver = report;
    this.#signal = signal;
    this.#skipped = skipped;
    this.#counts = counts;
    this.#memoryLimit = memoryLimit;
    this.#forget = atExit((code) => {
      const message = `The process exited with code ${code} during the run`;
      void this.#give({ outcome: 'aborted', error: { name: 'Exit', code: '', message } });
    });
  }

  stage({ stage, processes, beside }: StageEvent): void {
    this.#processes = processes;
    if (beside === undefined) this.#current = this.#stages.length;
    this.#stages.push(new StageBooks(stage, beside));
  }

  attempt(event: AttemptEvent): void {
    const { task, outcome } = event;
    if (this.#processes > 0) this.#children.attempt(event);
    const key = taskKey(task);
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
    const { reply } = outcome;
    const { rss, disk } = reply;
    const stage = this.#stages[task.stage];
    stage?.replied(reply);
    if (reply.ok && givesResult(task, reply)) stage?.worked(task, reply, this.#stages);
    if (this.#processes > 0) this.#childPeak = Math.max(this.#childPeak, rss);
    const use = this.#disk;
    use.total += disk.written;
    use.task = Math.max(use.task, disk.peak);
    use.peak = Math.max(use.peak, use.kept + use.task * Math.max(1, this.#processes));
    use.kept += disk.kept;
  }

  task({ result, beside = [] }: TaskEvent): void {
    this.#stages[this.#current]!.taken(result);
    // What a pass reads is told once.
    for (const { stage, emitted } of beside) this.#stages[stage]?.taken({ ...result, records: 0, emitted });
    if (!result.isRestored) return;
    this.#restored.tasks += 1;
    this.#restored.chunks += result.chunks;
    this.#restored.records += result.records;
  }

  disk(event: DiskEvent): void {
    if (event.kind === 'removed') this.#disk.kept = Math.max(0, this.#disk.kept - event.bytes);
    else this.#output = event.output;
  }

  waited(milliseconds: number): void {
    this.#parent.waited(milliseconds);
  }

  profile(report: ProfileReport): void {
    this.#profile = report;
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

  /** What is known while the run goes on. */
  soFar(): RunReport {
    return this.#report({ outcome: 'ok' });
  }

  /** What drawings of the stages need besides the report. */
  details(): StageDetails[] {
    return this.#stages.map((stage) => stage.details());
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
    const parent = this.#parent.report();
    const report = {
      ...outcome,
      start: this.#start.toISOString(),
      end: new Date().toISOString(),
      seconds: (now() - this.#started) / 1000,
      processes: this.#processes,
      stages: this.#stages.map((stage) => stage.report()),
      children: this.#children.report(now()),
      parent,
      restored: this.#restored,
      counters: this.#counts.values() ?? {},
      attempts: this.#attempts,
      temporaryDisk: { peakBytes: Math.min(this.#disk.peak, this.#disk.total), totalBytes: this.#disk.total },
      memory: { parentPeakBytes: parent.peakBytes, childPeakBytes: this.#childPeak },
      skipped: { count, records },
      ...(output && { output: { ...output, files: output.files.length } }),
      ...(this.#profile && { profile: this.#profile }),
      ...(this.#engine && { engine: this.#engine }),
    };
    const { movingShare } = this.#children;
    const calls = this.#stages.map((stage) => stage.calls);
    const facts = { cores: availableCores(), memoryLimit: this.#memoryLimit, movingShare, calls };
    return { ...report, advice: adviceOf(report, facts) };
  }
}

/** Whether a reply is the end of a task, and not a part of it or a search for a record to blame. */
function givesResult({ selection, fold }: TaskMessage, { more = false }: TaskDone): boolean {
  return !more && !isSearch(selection) && fold === undefined;
}
