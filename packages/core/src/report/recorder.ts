import { readFileSync } from 'node:fs';
import type { Op } from '../plan/node.js';
import type { WrittenFiles } from '../api/write.js';
import type { Settings } from '../options/run-options.js';
import type { AttemptWatch } from '../pool/watched-pool.js';
import type { ReportedError, RunReport, StageReport } from './run-report.js';
import type { Outcome } from '../pool/pool.js';
import { attempt } from '../values/try-or.js';
import { escapeControls, preview } from '../values/preview.js';
import type { TaskMessage } from '../protocol/messages.js';
import { checkReportFile, writeReportFile } from './report-file.js';
import type { TaskResult } from '../run/retry.js';
import { atExit, type Remove } from '../disk/shared-listeners.js';
import type { SkippedRecords } from './skipped-records.js';
import type { Stage } from '../plan/compile.js';

type Deliver = (report: RunReport) => unknown;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Keeps the books of a run, and gives its report when it is over. Costs next to nothing where none is wanted. */
export class Recorder implements AttemptWatch {
  /** Set by the run, as soon as it knows. */
  processes = 0;
  skipped: Pick<SkippedRecords, 'count' | 'records'> = { count: 0, records: [] };
  output: WrittenFiles | undefined;
  readonly #deliver: Deliver | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #start = new Date();
  readonly #started = performance.now();
  readonly #stages: Mutable<StageReport>[] = [];
  readonly #attempts = { total: 0, retries: 0, crashes: 0, timeouts: 0 };
  /** Tasks whose last attempt gave no reply. */
  readonly #failing = new Set<string>();
  readonly #disk = { kept: 0, task: 0, peak: 0, total: 0 };
  readonly #forget: Remove | undefined;
  #stageStarted = 0;
  #childPeak = 0;
  #failure: { error: unknown } | undefined;

  /** @throws OptionError where the report cannot be written. */
  constructor({ report, signal }: Pick<Settings, 'report' | 'signal'>) {
    const file = typeof report === 'string' ? checkReportFile(report) : undefined;
    this.#deliver =
      file === undefined ? (report as Deliver | undefined) : (given) => writeReportFile(file, given);
    this.#signal = signal;
    if (this.#deliver === undefined) return;
    this.#forget = atExit((code) => {
      const message = `The process exited with code ${code} during the run`;
      void this.#give({ outcome: 'aborted', error: { name: 'Exit', code: '', message } });
    });
  }

  beginStage({ inputs, wire }: Stage): void {
    this.#stageStarted = performance.now();
    this.#stages.push({
      inputs: wire.branches.map(({ ops, reads }, i) => {
        const input = inputs[i]!;
        const from = 'source' in input ? nameOf(input.source) : (reads?.verb ?? '');
        const verbs = ops.map(({ verb }) => verb).filter(isUsersVerb);
        // The source `jsonLines` is `textLines` and a verb.
        return verbs[0] === 'jsonLines' ? verbs : [from, ...verbs];
      }),
      sink:
        wire.sink.kind === 'shuffle'
          ? wire.sink.shuffle.verb
          : 'verb' in wire.sink
            ? wire.sink.verb
            : wire.sink.kind,
      chunks: 0,
      recordsIn: 0,
      recordsOut: 0,
      bytes: 0,
      seconds: 0,
    });
  }

  /** Of a task of the stage that was begun last. */
  taskDone({ chunks, records, emitted }: TaskResult): void {
    const stage = this.#stages.at(-1)!;
    stage.chunks += chunks;
    stage.recordsIn += records;
    stage.recordsOut += emitted.records;
    stage.bytes += emitted.bytes;
    stage.seconds = (performance.now() - this.#stageStarted) / 1000;
  }

  /** So many bytes of temporary files were removed by the parent. */
  removed(bytes: number): void {
    this.#disk.kept = Math.max(0, this.#disk.kept - bytes);
  }

  started(task: TaskMessage): void {
    this.#attempts.total += 1;
    if (this.#failing.has(keyOf(task))) this.#attempts.retries += 1;
  }

  ended(task: TaskMessage, outcome: Outcome): void {
    if (outcome.kind === 'died') this.#attempts.crashes += 1;
    if (outcome.kind === 'timeout') this.#attempts.timeouts += 1;
    if (outcome.kind !== 'reply') {
      this.#failing.add(keyOf(task));
      return;
    }
    this.#failing.delete(keyOf(task));
    const { rss, disk } = outcome.reply;
    if (this.processes > 0) this.#childPeak = Math.max(this.#childPeak, rss);
    const use = this.#disk;
    use.total += disk.written;
    use.task = Math.max(use.task, disk.peak);
    use.peak = Math.max(use.peak, use.kept + use.task * Math.max(1, this.processes));
    use.kept += disk.kept;
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Gives the report, after everything else of the run. Never rejects: a report does not decide how a run ends. */
  async end(): Promise<void> {
    const failure = this.#failure;
    if (failure === undefined) return this.#give({ outcome: 'ok' });
    const isAbort = this.#signal?.aborted === true && failure.error === this.#signal.reason;
    return this.#give({ outcome: isAbort ? 'aborted' : 'failed', error: describe(failure.error) });
  }

  async #give(outcome: Pick<RunReport, 'outcome' | 'error'>): Promise<void> {
    this.#forget?.();
    try {
      await this.#deliver?.(this.#report(outcome));
    } catch (error) {
      const { message } = describe(error);
      process.emitWarning(
        `The report of a run was not taken: ${message}`,
        'ForkfoldWarning',
        'FORKFOLD_REPORT',
      );
    }
  }

  #report(outcome: Pick<RunReport, 'outcome' | 'error'>): RunReport {
    const { count, records } = this.skipped;
    const { output } = this;
    return {
      ...outcome,
      start: this.#start.toISOString(),
      end: new Date().toISOString(),
      seconds: (performance.now() - this.#started) / 1000,
      processes: this.processes,
      stages: this.#stages,
      attempts: this.#attempts,
      temporaryDisk: { peakBytes: Math.min(this.#disk.peak, this.#disk.total), totalBytes: this.#disk.total },
      memory: { parentPeakBytes: peakMemory(), childPeakBytes: this.#childPeak },
      skipped: { count, records },
      ...(output && { output: { ...output, files: output.files.length } }),
    };
  }
}

/** The same for all attempts of a task. */
function keyOf({ stage, chunks }: TaskMessage): string {
  return `${stage}-${chunks[0]?.number ?? 'fold'}`;
}

/** How the user calls a source. */
function nameOf(source: { readonly kind: string; readonly format?: string }): string {
  if (source.kind === 'items') return 'from';
  if (source.kind === 'text') return source.format === 'blocks' ? 'byteChunks' : 'textLines';
  return source.kind;
}

/** Some verbs are the last step of another one. */
function isUsersVerb(verb: Op<number>['verb']): boolean {
  return verb !== 'values' && verb !== 'aggregateByKey.finish';
}

function describe(error: unknown): ReportedError {
  const text = (name: 'name' | 'code' | 'message', otherwise: string): string =>
    attempt(
      () => {
        const value = (error as Partial<Record<string, unknown>>)[name];
        return typeof value === 'string' ? escapeControls(value) : otherwise;
      },
      () => otherwise,
    );
  return {
    name: text('name', typeof error),
    code: text('code', ''),
    message: text('message', preview(error)),
  };
}

/** Of this process. Linux would else count what its own parent had when it forked. */
function peakMemory(): number {
  try {
    const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'latin1') : '';
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    if (peak !== undefined) return Number(peak) * 1024;
  } catch {
    // Some containers hide /proc.
  }
  return process.resourceUsage().maxRSS * 1024;
}
