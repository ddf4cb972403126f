import type { Callable } from '../dataset/function-ref.js';
import { insideTask } from '../dataset/parking.js';
import type { PartialResult } from '../dataset/partial-result.js';
import { ForkfoldError, JobError, SerializationError, SourceError, type RecordPosition } from '../errors.js';
import type { Shuffle } from '../dataset/node.js';
import type { ShuffleIo } from '../shuffle/shuffle-spec.js';
import type { Batches } from '../source/chunk.js';
import { readChunk } from '../source/read-chunk.js';
import { encode } from '../transport/codec.js';
import { encodeThrown, preview } from '../transport/error-codec.js';
import type {
  Failure,
  ResultBytes,
  RunDescription,
  TaskChunk,
  TaskMessage,
  TaskReply,
} from '../transport/messages.js';
import type { Cursor } from './cursor.js';
import { loadRun, type LoadedRun } from './load-run.js';
import { runPipeline } from './pipeline.js';
import { recordSelector } from './select-records.js';
import { openSink, readBucket } from './sinks.js';
import { tolerance, type Tolerance } from './tolerance.js';

/** Up to this many bytes of a task's shuffle output travel in memory, */
const INLINE = 256 * 1024;
/** but only those of the tasks up to this chunk: the parent holds them all until the next stage. */
const LAST_INLINE = 1024;

/** Loads the functions of a run, before its first task: that may take long, and fail for reasons of its own. */
export async function prepareRun(path: string, parked: Promise<void>): Promise<TaskReply> {
  const cursor: Cursor = { verb: '', fn: -1, batch: undefined, i: 0, ordinal: 0, records: 0, done: false };
  try {
    await loadRun(path, parked);
    const skipped = { count: 0, records: [] };
    return { ok: true, value: new Uint8Array(), records: 0, seconds: 0, skipped, rss: residentMemory() };
  } catch (error) {
    return { ok: false, failure: toFailure(error, 0, 0, cursor, undefined), rss: residentMemory() };
  }
}

/** Runs one task and answers. Never throws, whatever user code does: every failure is a reply. */
export async function runTask(task: TaskMessage, parked: Promise<void>): Promise<TaskReply> {
  const answer = await answerTask(task, parked);
  return { ...answer, rss: residentMemory() };
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

type Answer = Omit<Extract<TaskReply, { ok: true }>, 'rss'> | Omit<Extract<TaskReply, { ok: false }>, 'rss'>;

async function answerTask(task: TaskMessage, parked: Promise<void>): Promise<Answer> {
  const cursor: Cursor = { verb: '', fn: -1, batch: undefined, i: 0, ordinal: 0, records: 0, done: false };
  const at = { chunk: task.chunks[0]?.number ?? 0 };
  let run: LoadedRun | undefined;
  try {
    run = await loadRun(task.run, parked);
    if (task.selection?.locate !== undefined) return await locateRecord(task, run, cursor, at);
    const { sink } = run.description.stages[task.stage]!;
    const limit = sink.kind === 'collect' ? (sink.limit ?? Infinity) : Infinity;
    const { maxSkipped } = run.description;
    const tolerant = maxSkipped > 0 ? tolerance(maxSkipped, limit, () => at.chunk, cursor) : undefined;
    const started = performance.now();
    for (;;) {
      try {
        const value = await work(task, run, cursor, at, tolerant);
        const skipped = tolerant?.result() ?? { count: 0, records: [] };
        const seconds = (performance.now() - started) / 1000;
        return { ok: true, value, records: cursor.records, seconds, skipped };
      } catch (error) {
        if (isOfRun(error, run, task.stage) || !tolerant?.retriesWithout(error)) throw error;
        tolerant.restart();
        Object.assign(cursor, { verb: '', batch: undefined, records: 0, done: false });
      }
    }
  } catch (error) {
    return { ok: false, failure: toFailure(error, task.stage, at.chunk, cursor, run) };
  }
}

/** Sends the records of the task's chunks to the sink, and encodes what it makes of them. */
async function work(
  task: TaskMessage,
  { description, functions }: LoadedRun,
  cursor: Cursor,
  at: { chunk: number },
  tolerant: Tolerance | undefined,
): Promise<ResultBytes> {
  const { branches, sink } = description.stages[task.stage]!;
  const io = ioOf(task, description);
  const open = openSink(sink, functions, cursor, io, firstIndex(task), description.parts);
  const selection = tolerant
    ? { ...task.selection, skip: [...(task.selection?.skip ?? []), ...tolerant.excluded] }
    : task.selection;
  const selector = selection && recordSelector(selection, cursor);
  try {
    for (const { number, branch, source } of task.chunks) {
      at.chunk = number;
      const { ops, tag, reads } = branches[branch]!;
      const batches = batchesOf(source, reads, functions, io);
      const selected = selector ? selector.select(batches) : batches;
      const push = (record: unknown): void => open.push(record, tag);
      const pending = insideTask(() => runPipeline(selected, ops, functions, push, cursor, number, tolerant));
      if (pending !== undefined) await pending;
      open.endChunk?.();
    }
    const result = open.finish();
    cursor.verb = '';
    if (sink.kind === 'collect') return result as ResultBytes;
    return sink.kind === 'shuffle' ? encode(result, 'result') : encodePartial(result as PartialResult);
  } catch (error) {
    open.abort?.();
    throw error;
  } finally {
    selector?.end();
  }
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
): Batches {
  return source.kind === 'bucket' || source.kind === 'sorted'
    ? readBucket(reads!, source, functions, io)
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
  const skipped = { count: 0, records: [] };
  for (const { number, branch, source } of task.chunks) {
    at.chunk = number;
    const batches = batchesOf(source, branches[branch]!.reads, functions, ioOf(task, description));
    for await (const batch of selector.select(batches)) {
      const found = { chunk: number, ...batch.locate(0), preview: preview(batch.records[0]) };
      return { ok: true, value: encode(found, 'result'), records: 0, seconds: 0, skipped };
    }
  }
  const unknown = { chunk: at.chunk, preview: '' };
  return { ok: true, value: encode(unknown, 'result'), records: 0, seconds: 0, skipped };
}

function encodePartial(partial: PartialResult): Uint8Array {
  try {
    return encode(partial, 'result');
  } catch (error) {
    // Once more, for a message that names the path in the user's own value.
    encode(partial[0], 'result');
    throw error;
  }
}

function firstIndex({ chunks }: TaskMessage): number {
  const source = chunks[0]?.source;
  return source !== undefined && 'first' in source ? source.first : 0;
}

function toFailure(
  error: unknown,
  stage: number,
  chunk: number,
  cursor: Cursor,
  run: LoadedRun | undefined,
): Failure {
  const { batch, i, verb, fn } = cursor;
  // An error of forkfold's own, unless a user's function threw it. A file of the run is forkfold's at any moment: it
  // spills, reads back and writes parts while a verb hands over records.
  const ours = verb === '' || error instanceof SerializationError || isOfRun(error, run, stage);
  if (error instanceof ForkfoldError && ours) {
    const kind =
      error instanceof SourceError ? 'source' : error instanceof JobError ? 'job' : 'serialization';
    const { file, line, byte } = error as Partial<SourceError>;
    const position = Object.fromEntries(
      Object.entries({ file, line, byte }).filter(([, value]) => value !== undefined),
    );
    return {
      kind,
      message: error.message,
      position,
      path: error instanceof SerializationError ? error.path : '',
      ...(error.cause !== undefined && { cause: encodeThrown(error.cause) }),
    };
  }
  let position: RecordPosition = {};
  try {
    position = batch?.locate(i) ?? {};
  } catch {
    // The file may be gone by now; the error itself matters more.
  }
  const hint = run && invisible(error, run.description.functions[fn]);
  return {
    kind: 'task',
    verb: verb || 'read',
    chunk,
    position,
    preview: batch === undefined ? '' : preview(batch.records[i]),
    ...(hint !== undefined && { hint }),
    thrown: encodeThrown(error),
  };
}

function isOfRun(error: unknown, run: LoadedRun | undefined, stage: number): boolean {
  if (!(error instanceof SourceError) || error.file === undefined || run === undefined) return false;
  const { directory, stages } = run.description;
  const sink = stages[stage]?.sink;
  return error.file.startsWith(directory) || (sink?.kind === 'write' && error.file === sink.target);
}

/** What to say of a variable that an inline function closed over. */
function invisible(error: unknown, fn: RunDescription['functions'][number] | undefined): string | undefined {
  // By name: an error of another realm is no instance of this one's class.
  const { name: kind, message } = (error ?? {}) as Partial<Error>;
  if (kind !== 'ReferenceError' || fn === undefined || fn.kind === 'job') return undefined;
  const name = /^(\S+) is not defined$/.exec(message ?? '')?.[1];
  if (name === undefined) return undefined;
  return `\`${name}\` is not visible in the child process: move the pipeline into a job (defineJob)`;
}
