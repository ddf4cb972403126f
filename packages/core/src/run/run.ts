/**
 * How a run flows:
 *
 *   parent                                                    | child process (one task at a time)
 *   source -> chunks -> scheduler -> slot (workerpool) ------>| read chunk -> fused verbs -> fold, or bucket by key
 *   result <- ordered merge <- (buckets -> the next stage) <--| partial result | records | segments of buckets
 *
 * openBooks    who is told of all that happens, and what ends the run early
 * openRun      cuts the plan's input, makes the places on the disk, opens the pool
 * collectorOf  where the results of the last stage go: records, a fold, or an output directory
 * lastResults  stage by stage: cuts tasks, has them run, keeps what the next stages read
 *
 * The collector ends first, then the run has succeeded; leaving the block ends children, files and listeners either way.
 */
import type { MapOutput } from '../blocks/segment.js';
import { checkOptions } from '../options/check-options.js';
import type { RunOptions } from '../options/run-options.js';
import type { Settings } from '../options/settings.js';
import type { Action } from '../plan/action.js';
import { compile } from '../plan/compile.js';
import { sourceNames, type Node } from '../plan/node.js';
import type { TaskResult } from '../protocol/task-result.js';
import type { EndEvent } from '../report/observer.js';
import { decode } from '../values/codec.js';
import { openBooks } from './books.js';
import { countingAction } from './counting-action.js';
import { foldCollector, recordCollector, type Collector } from './collector.js';
import { foldingOf } from './fold-in-children.js';
import { wantsPage, withPage } from './load-page.js';
import { openRun, type Run } from './open-run.js';
import { partCollector } from './part-collector.js';
import { recordBlocks } from './result-blocks.js';
import { unlessAborted } from './unless-aborted.js';
import type { CancelSignal } from '../cancellation.js';

export { explainPlan } from './explain.js';

/** Runs a plan, and gives what its action makes of it. */
export async function runPlan(node: Node, action: Action, options: RunOptions): Promise<unknown> {
  const checked = checkOptions(options);
  const settings = wantsPage(checked) ? await withPage(checked) : checked;
  if (settings.engine !== undefined) return settings.engine.run(compile(node, action.sink), action, settings);
  const books = await openBooks(sourceNames(node), settings);
  let end: EndEvent = {};
  try {
    settings.signal?.throwIfAborted();
    const plan = compile(node, action.sink);
    await using run = await openRun(plan, action, { ...settings, ordered: true }, books);
    return await resultOf(action, run);
  } catch (thrown) {
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

/** The records of a dataset as they come, by the block; it ends early, without an error, when `leave` is aborted. */
export async function* streamBlocks(
  node: Node,
  action: Action,
  options: RunOptions,
  leave: AbortSignal,
): AsyncGenerator<readonly unknown[], void, undefined> {
  const checked = checkOptions(options);
  const settings = wantsPage(checked) ? await withPage(checked) : checked;
  if (settings.engine !== undefined) {
    const records = settings.engine.stream(compile(node, action.sink), action, leavable(settings, leave));
    try {
      for await (const record of records) yield [record];
    } catch (thrown) {
      if (!hasLeft(thrown, leave)) throw thrown;
    }
    return;
  }
  const books = await openBooks(sourceNames(node), settings, leave);
  let end: EndEvent = {};
  try {
    settings.signal?.throwIfAborted();
    await using run = await openRun(compile(node, action.sink), action, settings, books);
    for await (const { value } of lastResults(run, run.streamWindow)) {
      yield* recordBlocks(value, run.keepsFiles);
    }
    run.succeed();
  } catch (thrown) {
    if (hasLeft(thrown, leave)) return;
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

/** Whether a stream has failed for no other reason than that its consumer has left. */
function hasLeft(thrown: unknown, leave: AbortSignal): boolean {
  return leave.aborted && thrown === leave.reason;
}

/** Options that end a run early where nobody else hears that its consumer leaves. */
function leavable(settings: Settings, leave: AbortSignal): Settings {
  const { signal } = settings;
  return { ...settings, signal: signal === undefined ? leave : AbortSignal.any([signal, leave]) };
}

async function resultOf(action: Action, run: Run): Promise<unknown> {
  const collector = collectorOf(action, run);
  // A collector may be full before it has anything: the first record may be long in coming.
  if (!collector.isFull) await fill(collector, lastResults(run), run.cancel.signal);
  // An output appears before its checkpoint goes.
  const value = await collector.end();
  run.succeed();
  return value;
}

async function fill(
  collector: Collector,
  results: AsyncIterable<TaskResult>,
  signal: CancelSignal,
): Promise<void> {
  for await (const result of results) {
    const pending = collector.take(result);
    // What the user's function waits for may never come.
    if (pending !== undefined) await unlessAborted(pending, signal);
    if (collector.isFull) return;
  }
}

function collectorOf(given: Action, run: Run): Collector {
  const action = countingAction(given, run.runner.counts);
  const { runner, output, keepsFiles, cancel, stages } = run;
  if (output !== undefined) return partCollector(action, output, keepsFiles, runner.observer);
  const stage = stages.length - 1;
  const folding = foldingOf(stages[stage]!.wire.sink, { runner, stage, signal: cancel.signal });
  return folding ? foldCollector(action, folding) : recordCollector(action, keepsFiles, cancel.signal);
}

/** Runs the stages one after another, and gives the results of the last one's tasks. */
async function* lastResults(run: Run, window?: number): AsyncGenerator<TaskResult, void, undefined> {
  for (const stage of run.stages) {
    for await (const result of run.results(stage, stage.isLast ? window : undefined)) {
      if (stage.isLast) yield result;
      else run.outputs.add(stage.number, decode(result.value as Uint8Array) as MapOutput);
    }
    await run.release(stage);
  }
  // What `progress` has thrown after the last task ends the run, too.
  run.cancel.signal.throwIfAborted();
}
