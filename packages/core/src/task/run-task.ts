import type { Callable } from '../plan/function-ref.js';
import { insideTask } from './parking.js';
import type { PartialResult } from '../fold/partial-result.js';
import type { Shuffle, Sink } from '../plan/node.js';
import { takeDiskUse } from '../blocks/disk-use.js';
import type { MapOutput } from '../blocks/segment.js';
import type { ShuffleIo } from '../shuffle/combining.js';
import type { Batch, Batches } from '../source/chunk.js';
import { readChunk } from '../source/read-chunk.js';
import { encode } from '../values/codec.js';
import { preview } from '../values/error-codec.js';
import type {
  Part,
  ResultBytes,
  RunDescription,
  TaskChunk,
  TaskMessage,
  TaskReply,
} from '../protocol/messages.js';
import type { Cursor } from './blame/blame.js';
import { PromisedRow } from '../source/readers/json-rows.js';
import { encodePartial, foldOn, type FoldingSink } from './sinks/fold.js';
import { loadRun, type LoadedRun } from './load-run.js';
import { runPipeline } from './verbs/pipeline.js';
import { resultPlace } from './blame/result-index.js';
import { recordSelector } from './blame/select-records.js';
import { openSink, readBucket } from './sinks/open-sink.js';
import { isOfRun, toFailure } from './blame/to-failure.js';
import { tolerance, type Tolerance } from './blame/skips.js';

/** Up to this many bytes of a task's shuffle output travel in memory, */
const INLINE = 256 * 1024;
/** but only those of the tasks up to this chunk: the parent holds them all until the next stage. */
const LAST_INLINE = 1024;

/** What an answer says of work, where there was none. */
const nothing = {
  records: 0,
  seconds: 0,
  emitted: { records: 0, bytes: 0 },
  skipped: { count: 0, records: [] },
};

/** Loads the functions of a run, before its first task: that may take long, and fail for reasons of its own. */
export async function prepareRun(path: string, parked: Promise<void>): Promise<TaskReply> {
  const cursor = idleCursor();
  const measured = (): Pick<TaskReply, Measured> => ({ rss: residentMemory(), disk: takeDiskUse() });
  try {
    await loadRun(path, parked);
    return { ok: true, value: new Uint8Array(), ...nothing, ...measured() };
  } catch (error) {
    return { ok: false, failure: toFailure(error, 0, 0, cursor, undefined), ...measured() };
  }
}

/** Runs one task and answers. Never throws, whatever user code does: every failure is a reply. */
export async function runTask(task: TaskMessage, parked: Promise<void>): Promise<TaskReply> {
  try {
    const answer = await answerTask(task, parked);
    return { ...answer, rss: residentMemory(), disk: takeDiskUse() };
  } catch (error) {
    // User code may have broken anything, such as `process.memoryUsage`; in this process a rejection would end the program.
    const failure = toFailure(error, 0, 0, idleCursor(), undefined);
    return { ok: false, failure, rss: 0, disk: { written: 0, peak: 0, kept: 0 } };
  }
}

/** Of a task that has not begun. */
function idleCursor(): Cursor {
  return { verb: '', fn: -1, batch: undefined, i: 0, ordinal: 0, records: 0, done: false };
}

let [resident, measuredAt] = [0, -Infinity];

/** In bytes. Asking the system costs 10 us, so tiny tasks share an answer. */
function residentMemory(): number {
  if (performance.now() - measuredAt > 10) {
    resident = process.memoryUsage.rss();
    measuredAt = performance.now();
  }
  return resident;
}

type Measured = 'rss' | 'disk';
type Answer =
  Omit<Extract<TaskReply, { ok: true }>, Measured> | Omit<Extract<TaskReply, { ok: false }>, Measured>;

async function answerTask(task: TaskMessage, parked: Promise<void>): Promise<Answer> {
  const cursor = idleCursor();
  const at = { chunk: task.chunks[0]?.number ?? task.fold?.before ?? 0 };
  let run: LoadedRun | undefined;
  try {
    run = await loadRun(task.run, parked);
    if (task.selection?.locate !== undefined) return await locateRecord(task, run, cursor, at);
    const { sink } = run.description.stages[task.stage]!;
    const { fold } = task;
    if (fold !== undefined) {
      const { functions } = run;
      const value = insideTask(() => foldOn(fold, sink as FoldingSink, functions, cursor));
      return { ok: true, ...nothing, value };
    }
    const limit = sink.kind === 'collect' ? (sink.limit ?? Infinity) : Infinity;
    const { maxSkipped } = run.description;
    const tolerant = maxSkipped > 0 ? tolerance(maxSkipped, limit, () => at.chunk, cursor) : undefined;
    const started = performance.now();
    for (;;) {
      try {
        const { value, emitted } = await work(task, run, cursor, at, tolerant);
        const skipped = (await tolerant?.result()) ?? { count: 0, records: [] };
        const seconds = (performance.now() - started) / 1000;
        return { ok: true, value, records: cursor.records, seconds, emitted, skipped };
      } catch (error) {
        if (isOfRun(error, task.stage, run.description) || !tolerant?.retriesWithout(error)) throw error;
        tolerant.restart();
        Object.assign(cursor, { verb: '', batch: undefined, records: 0, done: false });
      }
    }
  } catch (thrown) {
    const error = thrown instanceof PromisedRow ? await thrown.reason() : thrown;
    return { ok: false, failure: toFailure(error, task.stage, at.chunk, cursor, run?.description) };
  }
}

/** Sends the records of the task's chunks to the sink, and encodes what it makes of them. */
async function work(
  task: TaskMessage,
  { description, functions }: LoadedRun,
  cursor: Cursor,
  at: { chunk: number },
  tolerant: Tolerance | undefined,
): Promise<{ value: ResultBytes; emitted: { records: number; bytes: number } }> {
  const { branches, sink } = description.stages[task.stage]!;
  const io = ioOf(task, description);
  let emitted = 0;
  const open = openSink(sink, functions, cursor, io, resultPlace(task, description), description.parts);
  const selection = tolerant
    ? { ...task.selection, skip: [...(task.selection?.skip ?? []), ...tolerant.excluded] }
    : task.selection;
  const selector = selection && recordSelector(selection, cursor);
  try {
    for (const { number, branch, source } of task.chunks) {
      at.chunk = number;
      const { ops, tag, reads } = branches[branch]!;
      const batches = batchesOf(source, reads, functions, io, cursor);
      const selected = selector ? selector.select(batches) : batches;
      const push = (record: unknown): void => {
        emitted += 1;
        open.push(record, tag);
      };
      const pending = insideTask(() => runPipeline(selected, ops, functions, push, cursor, number, tolerant));
      if (pending !== undefined) await pending;
      open.endChunk?.();
    }
    const result = open.finish();
    cursor.verb = '';
    const value =
      sink.kind === 'collect'
        ? (result as ResultBytes)
        : sink.kind === 'shuffle'
          ? encode(result, 'result')
          : encodePartial(result as PartialResult);
    return { value, emitted: { records: emitted, bytes: bytesOf(sink, result, value) } };
  } catch (error) {
    open.abort?.();
    throw error;
  } finally {
    selector?.end();
  }
}

function bytesOf(sink: Sink<number>, result: unknown, value: ResultBytes): number {
  if (sink.kind === 'shuffle') return (result as MapOutput).bytes;
  if (sink.kind === 'write') return (result as Part[]).reduce((sum, { bytes }) => sum + bytes, 0);
  return value.length;
}

function ioOf({ name, chunks }: TaskMessage, description: RunDescription): ShuffleIo {
  const { directory, session, isDurable, memory } = description;
  const inline = (chunks[0]?.number ?? 0) < LAST_INLINE ? Math.min(INLINE, memory) : 0;
  return { directory, name: `${session}${name}`, isDurable, memory, inline };
}

function batchesOf(
  source: TaskChunk['source'],
  reads: Shuffle<number> | undefined,
  functions: readonly Callable[],
  io: ShuffleIo,
  cursor: Cursor,
): Batches {
  return source.kind === 'bucket' || source.kind === 'sorted'
    ? readBucket(reads!, source, functions, io, cursor)
    : readChunk(source);
}

/** Where a record of a task stands, for a message about it. */
async function locateRecord(
  task: TaskMessage,
  { description, functions }: LoadedRun,
  cursor: Cursor,
  at: { chunk: number },
): Promise<Answer> {
  const ordinal = task.selection!.locate!;
  const selector = recordSelector({ only: [ordinal, ordinal + 1] }, cursor);
  const { branches } = description.stages[task.stage]!;
  for (const { number, branch, source } of task.chunks) {
    at.chunk = number;
    const { reads } = branches[branch]!;
    const batches = batchesOf(source, reads, functions, ioOf(task, description), cursor);
    const batch = await firstOf(selector.select(batches));
    if (batch === undefined) continue;
    const found = { chunk: number, ...batch.locate(0), preview: preview(batch.records[0]) };
    return { ok: true, value: encode(found, 'result'), ...nothing };
  }
  const unknown = { chunk: at.chunk, preview: '' };
  return { ok: true, value: encode(unknown, 'result'), ...nothing };
}

async function firstOf(batches: Batches): Promise<Batch | undefined> {
  const iterator =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  const next = await iterator.next();
  await iterator.return?.();
  return next.done === true ? undefined : next.value;
}
