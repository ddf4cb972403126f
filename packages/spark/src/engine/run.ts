/**
 * How a run on Spark flows:
 *
 *   this process                                            | executors: one `node` for each Spark task
 *   plan -> chunks -> tasks -> one SQL text ---------------->| TRANSFORM: rows of tasks -> core's tasks -> rows of segments
 *      bundle (runner + jobs), run's file: as artifacts      |    Spark shuffles the rows by lane, and sorts them
 *   result <- ordered results, folds, parts <----------------| TRANSFORM: rows of segments -> core's tasks -> rows of results
 *
 * refuse       what cannot run there, before anything is sent
 * openRun      cuts the input, opens the places and the session, lays the tasks out
 * SparkRun     ships, queries, and gives the results of the last stage's tasks
 * collectorOf  makes the result of them, as on one machine
 */
import type { RunOptions } from '@forkfold/core';
import {
  checkOptions,
  countingAction,
  foldCollector,
  foldingOf,
  openBooks,
  partCollector,
  recordBlocks,
  recordCollector,
  type Action,
  type Collector,
  type EndEvent,
  type UncutPlan,
} from '@forkfold/core/engine';
import { openRun, type OpenRun } from './open-run.js';
import { refuse } from './refuse.js';
import { taskResult } from './results.js';
import type { Host } from './host.js';

/** Runs a plan, and gives what its action makes of it. */
export async function runPlan(
  host: Host,
  plan: UncutPlan,
  action: Action,
  options: RunOptions,
): Promise<unknown> {
  const settings = checkOptions(options);
  refuse(action, settings);
  const books = await openBooks(sourcesOf(plan), settings);
  let end: EndEvent = {};
  try {
    books.cancel.signal.throwIfAborted();
    await using run = await openRun(host, { plan, action, settings, books });
    const collector = collectorOf(action, run);
    for await (const result of run.results()) {
      await collector.take(taskResult(result));
      if (collector.isFull) break;
    }
    if (!collector.isFull) run.check();
    const value = await collector.end();
    run.succeed();
    return value;
  } catch (thrown) {
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

/** The records of a plan in order, as they come. */
export async function* streamRecords(
  host: Host,
  plan: UncutPlan,
  action: Action,
  options: RunOptions,
): AsyncGenerator<unknown, void, undefined> {
  const settings = checkOptions(options);
  refuse(action, settings);
  const books = await openBooks(sourcesOf(plan), settings);
  let end: EndEvent = {};
  try {
    books.cancel.signal.throwIfAborted();
    await using run = await openRun(host, { plan, action, settings, books });
    for await (const { value } of run.results()) {
      for (const block of recordBlocks(value)) yield* block;
    }
    run.check();
    run.succeed();
  } catch (thrown) {
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

function collectorOf(given: Action, { output, books, cut, folder }: OpenRun): Collector {
  const action = countingAction(given, books.counts);
  if (output !== undefined) return partCollector(action, output, false, books.observer);
  const stage = cut.stages.length - 1;
  const { sink } = cut.stages[stage]!.wire;
  const folding = folder && foldingOf(sink, { runner: folder, stage, signal: books.cancel.signal });
  return folding ? foldCollector(action, folding) : recordCollector(action, false, books.cancel.signal);
}

function sourcesOf({ sources }: UncutPlan): Set<string> {
  return new Set(sources.flat().flatMap((source) => (source === undefined ? [] : [source.name])));
}
