import type { WireBranch, WireStage } from '../plan/compiled-plan.js';
import { verbOf } from '../plan/node.js';
import { traitsOf } from '../plan/verbs.js';
import type { TaskDone, TaskReply } from '../protocol/reply.js';
import { isEmptyBucket, type TaskMessage } from '../protocol/task-message.js';
import type { CallPeak } from '../protocol/task-usage.js';
import type { TaskResult } from '../protocol/task-result.js';
import { HeavyKeys } from '../task/usage/heavy-keys.js';
import { bytesOf, placeOf } from './chunk-place.js';
import { ChunkTimes } from './chunk-times.js';
import type { LargestBucket, StageReport } from './run-report.js';
import type { StageDetails } from './run-snapshot.js';
import { now } from '../timers.js';

/** The calls of a stage's asynchronous functions. */
export interface StageCalls extends CallPeak {
  /** How long children worked on the stage, and did not wait. */
  readonly cpuSeconds: number;
  /** How long its tasks took. */
  readonly seconds: number;
}

/** Of so many buckets the sizes are kept. */
const MOST_BUCKETS = 4096;

/** Keeps the books of a stage. */
export class StageBooks {
  readonly #stage: WireStage;
  readonly #beside: number | undefined;
  readonly #started = now();
  readonly #counts = { chunks: 0, recordsIn: 0, recordsOut: 0, bytes: 0, seconds: 0 };
  readonly #times = new ChunkTimes();
  readonly #keys = new HeavyKeys();
  readonly #calls = { underWay: 0, concurrency: 0, cpuSeconds: 0, seconds: 0 };
  #bytesIn = 0;
  #spilledBytes = 0;
  /** Of the buckets that the next stage has read, the largest one's. */
  #bucketBytes = 0;
  /** Bytes of each of them, in the order in which they were read. */
  readonly #buckets: number[] = [];

  /** @param beside The stage whose pass it shares. */
  constructor(stage: WireStage, beside?: number) {
    this.#stage = stage;
    this.#beside = beside;
  }

  get times(): ChunkTimes {
    return this.#times;
  }

  /** The result of a task was taken. */
  taken({ chunks, records, emitted }: TaskResult): void {
    const counts = this.#counts;
    counts.chunks += chunks;
    counts.recordsIn += records;
    counts.recordsOut += emitted.records;
    counts.bytes += emitted.bytes;
    counts.seconds = (now() - this.#started) / 1000;
  }

  /** An attempt has replied, whatever becomes of it. */
  replied({ disk }: TaskReply): void {
    this.#spilledBytes += disk.written;
  }

  /** An attempt has worked on its task to the end. `stages` are the books of all stages so far. */
  worked({ chunks }: TaskMessage, { usage, seconds }: TaskDone, stages: readonly StageBooks[]): void {
    for (const [i, chunk] of chunks.entries()) {
      if (isEmptyBucket(chunk)) continue;
      const bytes = bytesOf(chunk);
      this.#bytesIn += bytes;
      const { from } = this.#stage.branches[chunk.branch]!;
      if ('shuffle' in from) stages[from.stage]?.readBucket(bytes);
      if (usage !== undefined && i < usage.chunkSeconds.length) {
        const records = usage.chunkRecords[i]!;
        this.#times.add(usage.chunkSeconds[i]!, () => ({ chunk: chunk.number, records, ...placeOf(chunk) }));
      }
    }
    if (usage?.calls !== undefined) this.#called(usage.calls, usage.cpuSeconds, seconds);
    if (usage?.keys !== undefined) this.#keys.merge(usage.keys);
  }

  /** Of the verbs whose functions are asynchronous: how many calls there were at a time, and whether children waited. */
  get calls(): StageCalls | undefined {
    return this.#calls.concurrency === 0 ? undefined : this.#calls;
  }

  #called({ underWay, concurrency }: CallPeak, cpuSeconds: number, seconds: number): void {
    const calls = this.#calls;
    calls.underWay = Math.max(calls.underWay, underWay);
    calls.concurrency = Math.max(calls.concurrency, concurrency);
    calls.cpuSeconds += cpuSeconds;
    calls.seconds += seconds;
  }

  readBucket(bytes: number): void {
    this.#bucketBytes = Math.max(this.#bucketBytes, bytes);
    if (this.#buckets.length < MOST_BUCKETS) this.#buckets.push(bytes);
  }

  /** What a drawing of the stage needs besides its report. */
  details(): StageDetails {
    return {
      from: this.#stage.branches.map(({ from }) => ('shuffle' in from ? from.stage : undefined)),
      chunkTimes: this.#times.classes(),
      bucketBytes: [...this.#buckets],
    };
  }

  report(): StageReport {
    const { branches, sink, plans } = this.#stage;
    const beside = this.#beside;
    const largestBucket = sink.kind === 'shuffle' ? this.#largestBucket() : undefined;
    return {
      inputs: branches.map(namesOf),
      sink: verbOf(sink),
      ...(plans && { plans }),
      ...(beside !== undefined && { beside }),
      ...this.#counts,
      bytesIn: this.#bytesIn,
      bytesOut: this.#counts.bytes,
      spilledBytes: this.#spilledBytes,
      chunkSeconds: this.#times.summary(),
      slowest: this.#times.slowest,
      ...(largestBucket && { largestBucket }),
    };
  }

  #largestBucket(): LargestBucket | undefined {
    const weights = this.#keys.weights();
    const [heaviest] = weights?.heaviest ?? [];
    if (weights === undefined || heaviest === undefined) return undefined;
    const [key, records] = heaviest;
    return { key, records, bytes: this.#bucketBytes, share: records / weights.seen };
  }
}

/** What the user calls the source or keyed verb of a branch, and the verbs that follow. */
function namesOf({ from, ops }: WireBranch): string[] {
  const first = 'shuffle' in from ? from.shuffle.verb : from.source;
  return [first, ...ops.map(({ verb }) => verb).filter((verb) => !traitsOf(verb).isHidden)];
}
