/**
 * How a run flows:
 *
 *   parent                                                    | child process (one task at a time)
 *   source -> chunks -> scheduler -> slot (workerpool) ------>| read chunk -> fused verbs -> fold, or bucket by key
 *   result <- ordered merge <- (buckets -> the next stage) <--| partial result | records | segments of buckets
 */
import { join } from 'node:path';
import type { FunctionRef } from '../plan/function-ref.js';
import type { Node, Sink } from '../plan/node.js';
import type { PartialResult } from '../fold/partial-result.js';
import type { Action, Gathering } from '../api/plan.js';
import { EmptyReduceError } from '../errors.js';
import { checkOptions, maxSkipped, type RunOptions, type Settings } from '../options/run-options.js';
import type { Pool } from '../pool/pool.js';
import { watchedPool } from '../pool/watched-pool.js';
import { progressLine } from '../report/progress.js';
import type { MapOutput } from '../blocks/segment.js';
import { decode } from '../values/codec.js';
import { encodeThrown } from '../values/error-codec.js';
import type { ResultBytes, RunDescription } from '../protocol/messages.js';
import { isThenable } from '../values/thenable.js';
import { collectedBlocks } from './result-blocks.js';
import { toError } from './to-error.js';
import { foldingOf } from './fold-in-children.js';
import { interruptible } from './interrupt.js';
import { nested, openPool } from './open-pool.js';
import { planIdentity, type PlanIdentity } from '../checkpoint/plan-identity.js';
import { Recorder } from '../report/recorder.js';
import { release } from './stage-outputs.js';
import { schedule } from './scheduler.js';
import { onAbort } from '../disk/shared-listeners.js';
import { skippedRecords } from '../report/skipped-records.js';
import { compile } from '../plan/compile.js';
import { partitionCount, planTasks } from './tasks.js';
import { openWorkspace } from './workspace.js';
import { writeDescription } from './write-description.js';
import { writeParts } from './part-collector.js';

export async function runPlan(node: Node, action: Action, options: RunOptions): Promise<unknown> {
  // As they were given: what follows overrides some.
  const recorder = new Recorder(checkOptions(options));
  try {
    return await perform(node, action, options, recorder);
  } catch (error) {
    recorder.fail(error);
    throw error;
  } finally {
    await recorder.end();
  }
}

async function perform(
  node: Node,
  action: Action,
  options: RunOptions,
  recorder: Recorder,
): Promise<unknown> {
  const { sink, gather = intoArray } = action;
  const end: End = { succeeded: false, recorder };
  options.signal?.throwIfAborted();
  if (sink.kind === 'collect') {
    const limit = sink.limit ?? Infinity;
    const gathering = gather();
    let count = 0;
    // Not even the first record: it may be long in coming.
    if (limit === 0) return action.finish({ value: gathering.value, found: false });
    const given = { ...options, ordered: true };
    collecting: for await (const { value, isKept } of execute(node, sink, given, false, end)) {
      for (const block of collectedBlocks(value, isKept)) {
        for (const record of block) {
          if (count < limit) {
            count += 1;
            const pending = gathering.add(record as never);
            if (isThenable(pending)) await pending;
          }
          if (count < limit) continue;
          end.succeeded = true;
          break collecting;
        }
      }
    }
    return action.finish({ value: gathering.value, found: count > 0 });
  }
  if (sink.kind === 'write') {
    const given = { ...options, ordered: true };
    const written = await writeParts(sink, action.output!, end, () => execute(node, sink, given, false, end));
    recorder.output = written;
    return action.finish({ value: written, found: true });
  }
  let folded: PartialResult = [];
  const given = { ...options, ordered: true };
  for await (const { value } of execute(node, sink, given, false, end)) {
    folded = decode(value as Uint8Array) as PartialResult;
  }
  return finish(action, { value: folded[0], found: folded.length > 0 });
}

/** What the user's own functions throw there is told as if a child had met it. */
function finish(action: Action, result: Parameters<Action['finish']>[0]): unknown {
  try {
    return action.finish(result);
  } catch (error) {
    if (error instanceof EmptyReduceError) throw error;
    const { sink } = action;
    const verb = 'verb' in sink ? sink.verb : sink.kind;
    const thrown = encodeThrown(error);
    throw toError({ kind: 'task', verb, chunk: -1, position: {}, preview: '', thrown });
  }
}

function intoArray(): Gathering {
  const value: unknown[] = [];
  return { add: (record: unknown) => void value.push(record), value };
}

/** The records of a dataset as they come. */
export async function* streamRecords(
  node: Node,
  sink: Sink<FunctionRef>,
  options: RunOptions,
): AsyncGenerator<unknown, void, undefined> {
  const recorder = new Recorder(checkOptions(options));
  const end: End = { succeeded: false, recorder };
  try {
    for await (const { value, isKept } of execute(node, sink, options, true, end)) {
      for (const block of collectedBlocks(value, isKept)) for (const record of block) yield record;
    }
  } catch (error) {
    recorder.fail(error);
    throw error;
  } finally {
    await recorder.end();
  }
}

/** Whether a run has given all that was asked of it; its checkpoint is needed no more then. */
interface End {
  succeeded: boolean;
  readonly recorder: Recorder;
  /** Awaited after the last result, before the run counts as a success. */
  complete?: () => Promise<void>;
  /** Where a writing stage's attempts write, unless a checkpoint is to keep what they have written. */
  parts?: string;
}

interface StageResult {
  /** Records of a task; or, of a sink that folds, the fold of all, and the only result. */
  readonly value: ResultBytes;
  /** Whether its file, if it has one, is needed again: by the checkpoint. */
  readonly isKept: boolean;
}

/** Runs the stages one after another and yields the partial results of the last. */
async function* execute(
  node: Node,
  sink: Sink<FunctionRef>,
  options: RunOptions,
  isStream: boolean,
  end: End,
): AsyncGenerator<StageResult, void, undefined> {
  const settings = nested(checkOptions(options));
  settings.signal?.throwIfAborted();
  const started = performance.now();
  const { stages, calls, functions } = compile(node, sink);
  const identity = (): Promise<PlanIdentity> => planIdentity(stages, calls, functions, settings);
  const workspace = await openWorkspace(settings, identity);
  const { directory, session, journal } = workspace;
  const isConfined = settings.pool ? settings.pool.isConfined : settings.permissions;
  const memory = shuffleMemory(settings);
  // By session, since a warm child knows a run by this path, and the next run of a checkpoint may have other options.
  const path = join(directory, `${session}run`);
  const cancel = new AbortController();
  const { signal } = settings;
  const unsubscribe = signal && onAbort(signal, () => cancel.abort(signal.reason));
  // While the workspace was made, nobody listened.
  if (signal?.aborted) cancel.abort(signal.reason);
  const interrupt = interruptible(cancel, () => workspace.discard());
  const line = settings.progress === true ? progressLine() : undefined;
  const report = line ?? (typeof settings.progress === 'function' ? settings.progress : undefined);
  const { recorder } = end;
  let pool: Pool | undefined;
  try {
    cancel.signal.throwIfAborted();
    const outputs: { partitions: number; maps: MapOutput[] }[] = [];
    const wire: RunDescription['stages'][number][] = stages.map((stage) => stage.wire);
    const description: RunDescription = {
      directory,
      session,
      isDurable: journal !== undefined,
      calls,
      functions,
      stages: wire,
      memory,
      maxSkipped: maxSkipped(settings),
      // Under `permissions`, children write nowhere else.
      parts: journal !== undefined || isConfined ? directory : (end.parts ?? directory),
    };
    let records = 0;
    const skips = skippedRecords(settings);
    recorder.skipped = skips;
    for (const [number, stage] of stages.entries()) {
      const isLast = number === stages.length - 1;
      await using planned = await planTasks(stage, outputs, settings, number);
      const partitions = settings.partitions ?? partitionCount(stage.wire, planned.bytes);
      if (stage.wire.sink.kind === 'shuffle') {
        wire[number] = { ...stage.wire, sink: { ...stage.wire.sink, partitions } };
      }
      // A child reads the description once, so every stage whose plan is known by then has one of its own.
      const file = `${path}-${number}`;
      await writeDescription(file, description);
      pool ??= await openPool(settings);
      recorder.processes = pool.size;
      recorder.beginStage(stage);
      const window =
        isLast && isStream
          ? (settings.bufferSize ?? 4 * Math.max(1, pool.size))
          : 32 * Math.max(1, pool.size);
      const ordered = isLast ? settings.ordered : true;
      const maps: MapOutput[] = [];
      const watched = watchedPool(pool, recorder);
      const fold = { run: file, stage: number, pool: watched, settings, signal: cancel.signal };
      const folding = isLast ? foldingOf(stage.wire.sink, fold) : undefined;
      let chunks = 0;
      for await (const result of schedule(
        planned.tasks(file),
        watched,
        { ...settings, ordered, mayEndEarly: isLast && 'limit' in stage.wire.sink },
        window,
        cancel,
        journal?.ofStage(stage.wire.sink.kind === 'shuffle' ? partitions : 0),
      )) {
        chunks += result.chunks;
        planned.pace.observe(result);
        recorder.taskDone(result);
        skips.add(result.skipped);
        records += number === 0 || stage.inputs.some((input) => 'source' in input) ? result.records : 0;
        const seconds = (performance.now() - started) / 1000;
        const told: unknown = report?.({
          stage: number + 1,
          stages: stages.length,
          chunks,
          totalChunks: planned.count,
          records,
          skipped: skips.count,
          seconds,
        });
        if (isThenable(told)) told.then(undefined, (error: unknown) => cancel.abort(error));
        if (folding) await folding.push({ value: result.value as Uint8Array, size: result.chunks });
        else if (isLast) {
          yield { value: result.value, isKept: journal !== undefined };
          if ('file' in result.value) recorder.removed(result.value.length);
        } else maps.push(decode(result.value as Uint8Array) as MapOutput);
      }
      const folded = await folding?.result();
      if (folded !== undefined) yield { value: folded, isKept: false };
      outputs.push({ partitions, maps });
      // What a checkpoint refers to stays until the run succeeds.
      if (journal === undefined) recorder.removed(await release(stages, outputs, number));
    }
    // What `progress` has thrown after the last task.
    cancel.signal.throwIfAborted();
    await end.complete?.();
    end.succeeded = true;
  } finally {
    line?.end();
    unsubscribe?.();
    if (pool !== undefined && pool !== settings.pool) await pool.close();
    await workspace.end(end.succeeded);
    interrupt.end();
  }
}

/** Bytes of tables that a shuffle task keeps before it spills. Tests shrink it, so that little data spills. */
function shuffleMemory({ memoryLimit = 1024 }: Settings): number {
  const { FORKFOLD_SHUFFLE_MEMORY: forced } = process.env;
  return forced ? Number(forced) : Math.min(64 * 2 ** 20, (memoryLimit * 2 ** 20) / 6);
}
