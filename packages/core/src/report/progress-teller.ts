import type { Counts } from '../counters.js';
import { atExit, type Remove } from '../disk/shared-listeners.js';
import { isThenable } from '../values/thenable.js';
import { bytesRead } from './chunk-place.js';
import type {
  AttemptEvent,
  EndEvent,
  EngineProgress,
  PulseEvent,
  RunObserver,
  StageEvent,
  TaskEvent,
} from './observer.js';
import { PaceOfRun } from './pace-of-run.js';
import type { Progress } from './progress.js';
import { profileWords, type ProfileReport } from './profile.js';
import { progressLine, type ProgressLine } from './progress-line.js';
import { summaryText } from './progress-text.js';
import type { Advice, EngineReport } from './run-report.js';
import { taskKey } from './task-key.js';
import { UnderWay } from './under-way.js';
import { clearTimeout, now, setTimeout } from '../timers.js';

/** Milliseconds between two looks at a run in which nothing has ended. */
const TICK = 100;

export interface TellerOptions {
  readonly progress: true | ((progress: Progress) => unknown);
  /** What its functions count. */
  readonly counts: Counts;
  /** Where the run keeps what it has finished. */
  readonly checkpoint?: string | undefined;
  /** Is told what a function of the user's throws between two tasks, or what its promise rejects with. */
  readonly onRejection: (reason: unknown) => void;
}

/**
 * Tells the option `progress` how far a run is: after every task, and ten times a second by itself. What a function of the
 * user's throws is thrown.
 */
export class ProgressTeller implements RunObserver {
  readonly #options: TellerOptions;
  readonly #line: ProgressLine | undefined;
  readonly #started = now();
  readonly #forget: Remove;
  /** The slots that have a task. */
  readonly #busy = new Set<number>();
  readonly #memory = new Map<number, number>();
  readonly #failing = new Set<string>();
  readonly #underWay = new UnderWay();
  /** What was told last: no number becomes smaller when an attempt is tried again. */
  readonly #told = { records: 0, bytes: 0, share: 0 };
  readonly #sums = { records: 0, bytes: 0, skipped: 0, retries: 0, spilledBytes: 0, restored: 0 };
  #stage = { stage: 0, stages: 0, totalChunks: undefined as number | undefined, chunks: 0, processes: 0 };
  #pace = new PaceOfRun(0);
  #isInput = true;
  /** What an engine says that runs the plan elsewhere, until its report. */
  #away: EngineProgress | undefined;
  /** Whether the tasks of such an engine were told. */
  #isAllTold = false;
  #advice: readonly Advice[] = [];
  #profile: ProfileReport | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether its function has failed, which ends the run: it is not called again, however long the end takes. */
  #hasFailed = false;

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#line = options.progress === true ? progressLine() : undefined;
    this.#forget = atExit(() => this.#summarize('interrupted after'));
    this.#wait();
  }

  stage({ number, stages, stage: { branches }, chunks: totalChunks, processes, beside }: StageEvent): void {
    // One that shares a pass is told by that.
    if (beside !== undefined) return;
    this.#stage = { stage: number + 1, stages, totalChunks, chunks: 0, processes };
    this.#pace = new PaceOfRun(this.#seconds);
    this.#underWay.clear();
    this.#told.share = 0;
    this.#isAllTold = this.#away !== undefined;
    // Records of a later stage were counted when they were read.
    this.#isInput = branches.some(({ from }) => 'source' in from);
  }

  attempt({ task, slot, outcome }: AttemptEvent): void {
    const key = taskKey(task);
    if (outcome === undefined) {
      this.#busy.add(slot);
      if (this.#failing.has(key)) this.#sums.retries += 1;
      return;
    }
    this.#busy.delete(slot);
    if (outcome.kind !== 'reply') {
      this.#failing.add(key);
      return;
    }
    this.#failing.delete(key);
    const { reply } = outcome;
    this.#memory.set(slot, reply.rss);
    this.#sums.spilledBytes += reply.disk.written;
    this.#underWay.end(task);
    if (reply.ok && !reply.more && this.#isInput) this.#sums.bytes += bytesRead(task);
  }

  pulse(event: PulseEvent): void {
    if (this.#isInput) this.#underWay.pulse(event);
  }

  task({ result, skipped }: TaskEvent): void {
    const { chunks, records, isRestored = false } = result;
    this.#stage.chunks += chunks;
    if (this.#isInput) this.#sums.records += records;
    this.#sums.skipped = skipped;
    if (isRestored) this.#sums.restored += chunks;
    else this.#pace.add(chunks, this.#seconds);
    // What an engine has done is told task by task when it is over: a listener has heard of it.
    if (this.#away === undefined) this.#tell();
  }

  away(event: EngineProgress): void {
    const { stage, stages, chunks, totalChunks, processes } = event;
    if (stage === this.#stage.stage) this.#pace.add(chunks - this.#stage.chunks, this.#seconds);
    else {
      this.#pace = new PaceOfRun(this.#seconds);
      this.#told.share = 0;
    }
    this.#stage = { stage, stages, chunks, totalChunks, processes };
    this.#away = event;
    this.#tell();
  }

  engine(_: EngineReport): void {
    if (this.#away === undefined) return;
    const { stage, stages, chunks, totalChunks = 0 } = this.#stage;
    if (this.#isAllTold && stage === stages) {
      // Buckets without records are no tasks, and an engine's tasks may be more than these: the number never becomes smaller.
      const all = Math.max(chunks, totalChunks, this.#away.chunks);
      this.#stage = { ...this.#stage, chunks: all, totalChunks: all };
    }
    this.#sums.bytes = Math.max(this.#sums.bytes, this.#away.bytes);
    this.#away = undefined;
    this.#tell();
  }

  profile(report: ProfileReport): void {
    this.#profile = report;
  }

  /** Takes advice for the last words. */
  advise(advice: readonly Advice[]): void {
    this.#advice = advice;
  }

  end({ error }: EndEvent): void {
    clearTimeout(this.#timer);
    this.#forget();
    this.#summarize(error === undefined ? 'done in' : 'failed after');
  }

  get #seconds(): number {
    return (now() - this.#started) / 1000;
  }

  #progress(): Progress {
    const { totalChunks, chunks, processes } = this.#stage;
    const part = this.#underWay.sum;
    const done = chunks + part.chunks;
    const told = this.#told;
    told.records = Math.max(told.records, this.#sums.records + part.records);
    told.bytes = Math.max(told.bytes, this.#sums.bytes + part.bytes);
    if (totalChunks !== undefined) {
      told.share = Math.max(told.share, totalChunks === 0 ? 1 : Math.min(1, done / totalChunks));
    }
    return {
      ...this.#stage,
      ...this.#sums,
      ...told,
      bytes: Math.max(told.bytes, this.#away?.bytes ?? 0),
      seconds: this.#seconds,
      share: totalChunks === undefined ? undefined : told.share,
      eta:
        totalChunks === undefined
          ? undefined
          : this.#pace.eta(totalChunks - done, this.#seconds, part.chunks),
      busy: this.#away?.busy ?? (processes === 0 ? 0 : this.#busy.size),
      childBytes: processes === 0 ? 0 : [...this.#memory.values()].reduce((sum, bytes) => sum + bytes, 0),
      counters: this.#options.counts.values() ?? {},
    };
  }

  #tell(): void {
    const { progress, onRejection } = this.#options;
    if (progress === true) {
      this.#line?.(this.#progress());
      return;
    }
    if (this.#hasFailed) return;
    try {
      const told = progress(this.#progress());
      if (!isThenable(told)) return;
      told.then(undefined, (reason: unknown) => {
        this.#fallSilent();
        onRejection(reason);
      });
    } catch (error) {
      this.#fallSilent();
      throw error;
    }
  }

  #fallSilent(): void {
    this.#hasFailed = true;
    clearTimeout(this.#timer);
  }

  /** Looks again after a while; that alone keeps no program alive. */
  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#wait();
      // There is nothing to tell before the input is cut.
      if (this.#stage.stage === 0) return;
      try {
        this.#tell();
      } catch (error) {
        this.#options.onRejection(error);
      }
    }, TICK);
    this.#timer.unref();
  }

  #summarize(outcome: string): void {
    if (this.#line === undefined || this.#stage.stage === 0) return;
    const { checkpoint } = this.#options;
    // The last words are of what was done, whatever attempts that were given up had read.
    const progress = { ...this.#progress(), ...this.#sums };
    const { chunks, totalChunks } = progress;
    const words = [summaryText(progress, outcome)];
    if (outcome !== 'done in' && checkpoint !== undefined) {
      const of = totalChunks === undefined ? '' : ` of ${totalChunks}`;
      words.push(
        `${chunks}${of} chunks of stage ${progress.stage} are kept in ${checkpoint}: run the same again to go on`,
      );
    }
    if (this.#profile !== undefined) words.push(...profileWords(this.#profile));
    for (const { text, remedy } of this.#advice) words.push(`advice: ${text}; ${remedy}`);
    this.#line.end(words);
  }
}
