import { Cancellation, type Canceller } from '../cancellation.js';
import type { Settings } from '../options/settings.js';
import { traitsOf } from '../plan/verbs.js';
import { now } from '../timers.js';
import { byStage, type StageResult } from './by-stage.js';
import type { CutPass, CutStage } from './cut-plan.js';
import { mayEndEarly } from './pass-tasks.js';
import { taskResults, type RunShared } from './task-results.js';

/**
 * Runs the tasks of a pass, and gives what they have for each of its stages.
 *
 * @param streamed How many results of the last pass may wait for the consumer of a stream.
 */
export async function* passResults(
  pass: CutPass,
  streamed: number | undefined,
  shared: RunShared,
): AsyncGenerator<readonly StageResult[], void, undefined> {
  const { settings, books, runner, journal, count, ends } = shared;
  const { observer, skips } = books;
  books.cancel.signal.throwIfAborted();
  const { stages } = pass;
  const [host] = stages as readonly [CutStage];
  const processes = runner.pool.size;
  for (const { number, wire, count: chunks } of stages) {
    const beside = number === host.number ? {} : { beside: host.number };
    observer.stage({ number, stages: count, stage: wire, chunks, processes, ...beside });
  }
  const mayPause = (stage: CutStage): boolean => streamed !== undefined && pauses(stage, settings);
  const endsEarly = mayEndEarly(stages);
  // To leave a pass early ends the run of one plan; of several it ends the pass.
  const part = endsEarly && ends.length > 1 ? partOf(books.cancel) : undefined;
  for await (const result of taskResults(pass, shared, {
    runner,
    window: (host.isLast ? streamed : undefined) ?? 32 * Math.max(1, processes),
    ordered: host.isLast ? settings.ordered : true,
    mayEndEarly: endsEarly,
    cancel: part ?? books.cancel,
    journal: journal?.ofStage(bucketsOf(stages)),
    mayPause,
  })) {
    books.counts.addAll(result.counters);
    const each = byStage(pass, result);
    const beside =
      pass.shared && each.slice(1).map(({ stage, emitted }) => ({ stage: stage.number, emitted }));
    observer.task({ result, skipped: skips.count + result.skipped.count, ...(beside && { beside }) });
    skips.add(result.skipped);
    const yielded = now();
    yield each;
    if (host.isLast && host.wire.sink.kind === 'collect') observer.waited(now() - yielded);
    for (const { stage, results } of each) {
      for (const { value } of results) {
        if (stage.isLast && 'file' in value) observer.disk({ kind: 'removed', bytes: value.length });
      }
    }
  }
}

/** What ends a part of what another one ends as a whole. */
function partOf(whole: Canceller): Canceller {
  const part = new Cancellation();
  whole.signal.addEventListener('abort', () => part.abort(whole.signal.reason));
  return part;
}

/** What of the stages' buckets a checkpoint must find unchanged: a number that another choice of them is unlikely to have. */
function bucketsOf(stages: readonly CutStage[]): number {
  const each = stages.map(({ wire: { sink } }) => (sink.kind === 'shuffle' ? sink.partitions : 0));
  return each.reduce((all, buckets) => all * 4099 + buckets);
}

/**
 * Whether the tasks of a stream may hand over records before their end: a record that gives many may give them without end.
 * With a checkpoint, a timeout or `onError`, chunks are what counts, so that each comes as a whole.
 */
function pauses({ isLast, wire }: CutStage, { checkpoint, timeout, onError }: Settings): boolean {
  if (!isLast || (checkpoint ?? timeout) !== undefined || onError !== 'fail') return false;
  return wire.branches.some(({ ops }) => ops.some(({ verb }) => traitsOf(verb).gives === 'many'));
}
