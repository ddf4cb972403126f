import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { Callable } from '../dataset/function-ref.js';
import { insideTask } from '../dataset/parking.js';
import { ForkfoldError, JobError, SerializationError, SourceError, type RecordPosition } from '../errors.js';
import { readChunk } from '../source/read-chunk.js';
import { encode } from '../transport/codec.js';
import { encodeThrown, preview } from '../transport/error-codec.js';
import type { Failure, RunDescription, TaskMessage, TaskReply } from '../transport/messages.js';
import { loadFunctions } from './load-function.js';
import { runPipeline, type Cursor } from './pipeline.js';
import { openSink, readBucket } from './sinks.js';

interface LoadedRun {
  readonly description: RunDescription;
  readonly functions: readonly Callable[];
}

/** Up to this many bytes of a task's shuffle output travel in memory. */
const INLINE = 256 * 1024;

/** The last run that this process worked on; a pool's children serve one after another. */
let loaded: { readonly path: string; readonly run: Promise<LoadedRun> } | undefined;

/** Runs one task and answers. Never throws, whatever user code does: every failure is a reply. */
export async function runTask(task: TaskMessage, parked: Promise<void>): Promise<TaskReply> {
  const cursor: Cursor = { verb: '', fn: -1, batch: undefined, i: 0, records: 0, done: false };
  let chunk = task.chunks[0]?.number ?? 0;
  let run: LoadedRun | undefined;
  try {
    if (loaded?.path !== task.run) loaded = { path: task.run, run: loadRun(task.run, parked) };
    const { description, functions } = (run = await loaded.run);
    const { branches, sink } = description.stages[task.stage]!;
    const io = {
      directory: description.directory,
      name: task.name,
      memory: description.memory,
      inline: INLINE,
    };
    const open = openSink(sink, functions, cursor, io);
    try {
      for (const { number, branch, source } of task.chunks) {
        chunk = number;
        const { ops, tag, reads } = branches[branch]!;
        const batches =
          source.kind === 'bucket' || source.kind === 'sorted'
            ? readBucket(reads!, source, functions, io)
            : readChunk(source);
        const push = (record: unknown): void => open.push(record, tag);
        const pending = insideTask(() => runPipeline(batches, ops, functions, push, cursor, number));
        if (pending !== undefined) await pending;
      }
      const result = open.finish();
      cursor.verb = '';
      const first = sink.kind === 'collect' ? firstIndex(task) : 0;
      const value =
        sink.kind === 'collect' || sink.kind === 'shuffle'
          ? encode(result, 'result', first)
          : encodeFolded(result as unknown[]);
      return { ok: true, value, records: cursor.records };
    } catch (error) {
      open.abort?.();
      throw error;
    }
  } catch (error) {
    return { ok: false, failure: toFailure(error, chunk, cursor, run) };
  }
}

function encodeFolded(folded: unknown[]): Uint8Array {
  if (folded.length > 0) encode(folded[0], 'result');
  return encode(folded, 'result');
}

async function loadRun(path: string, parked: Promise<void>): Promise<LoadedRun> {
  const description = deserialize(readFileSync(path)) as RunDescription;
  return { description, functions: await loadFunctions(description, parked) };
}

function firstIndex({ chunks }: TaskMessage): number {
  const source = chunks[0]?.source;
  return source !== undefined && 'first' in source ? source.first : 0;
}

function toFailure(error: unknown, chunk: number, cursor: Cursor, run: LoadedRun | undefined): Failure {
  const { batch, i, verb, fn } = cursor;
  // An error of forkfold's own, unless a user's function threw it.
  const ours = verb === '' || error instanceof SerializationError;
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

/** What to say of a variable that an inline function closed over. */
function invisible(error: unknown, fn: RunDescription['functions'][number] | undefined): string | undefined {
  // By name: an error of another realm is no instance of this one's class.
  const { name: kind, message } = (error ?? {}) as Partial<Error>;
  if (kind !== 'ReferenceError' || fn === undefined || fn.kind === 'job') return undefined;
  const name = /^(\S+) is not defined$/.exec(message ?? '')?.[1];
  if (name === undefined) return undefined;
  return `\`${name}\` is not visible in the child process: move the pipeline into a job (defineJob)`;
}
