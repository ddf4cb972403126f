import type { MapOutput } from '../blocks/segment.js';
import type { Action } from '../plan/action.js';
import { decode } from '../values/codec.js';
import type { StageResult } from './by-stage.js';
import { foldCollector, recordCollector, type Collector } from './collector.js';
import { countingAction } from './counting-action.js';
import type { CutPass, CutStage } from './cut-plan.js';
import { foldingOf } from './fold-in-children.js';
import type { Run } from './open-run.js';
import { partCollector } from './part-collector.js';
import { toError } from './to-error.js';
import { unlessAborted } from './unless-aborted.js';

export interface EndOptions {
  /** How many results of the last stage may wait. */
  readonly window?: number;
  /** Whether a pass need go no further. */
  readonly isEnough?: (pass: CutPass) => boolean;
}

/** The results of actions, in the order in which these stand. */
export async function resultsOf(actions: readonly Action[], run: Run): Promise<unknown[]> {
  const all = actions.map((action, i) => collectorOf(action, run.ends[i]!, run));
  // A collector may be full before it has anything: the first record may be long in coming.
  if (!all.every(({ isFull }) => isFull)) await fill(all, run);
  const values: unknown[] = [];
  // An output appears after all that may be refused, and before its checkpoint goes.
  const order = [...actions.keys()].sort((a, b) => Number(writes(actions[a]!)) - Number(writes(actions[b]!)));
  for (const i of order) values[i] = await all[i]!.end();
  run.succeed();
  return values;
}

function writes({ output }: Action): boolean {
  return output !== undefined;
}

async function fill(all: readonly Collector[], run: Run): Promise<void> {
  const { signal } = run.cancel;
  const collectors = new Map(run.ends.map(({ number }, i) => [number, all[i]!]));
  const isEnough = ({ stages }: CutPass): boolean =>
    stages.every(({ number }) => collectors.get(number)?.isFull ?? false);
  for await (const { stage, results, failure } of endResults(run, { isEnough })) {
    const collector = collectors.get(stage.number)!;
    if (failure !== undefined && !collector.isFull) throw toError(failure);
    for (const result of results) {
      if (collector.isFull) break;
      const pending = collector.take(result);
      // What the user's function waits for may never come.
      if (pending !== undefined) await unlessAborted(pending, signal);
    }
    if (all.every(({ isFull }) => isFull)) return;
  }
}

function collectorOf(given: Action, { number, wire }: CutStage, run: Run): Collector {
  const action = countingAction(given, run.runner.counts);
  const { runner, directories, keepsFiles, cancel } = run;
  const output = directories.get(given);
  if (output !== undefined) return partCollector(action, output, keepsFiles, runner.observer);
  const folding = foldingOf(wire.sink, { runner, stage: number, signal: cancel.signal });
  return folding ? foldCollector(action, folding) : recordCollector(action, keepsFiles, cancel.signal);
}

/** Runs the passes one after another, and gives what their tasks have for the stages that give results. */
export async function* endResults(
  run: Run,
  { window, isEnough }: EndOptions = {},
): AsyncGenerator<StageResult, void, undefined> {
  for (const pass of run.passes) {
    for await (const each of run.results(pass, window)) {
      for (const one of each) {
        const { stage, results } = one;
        if (stage.isLast) yield one;
        else
          for (const { value } of results)
            run.outputs.add(stage.number, decode(value as Uint8Array) as MapOutput);
      }
      if (isEnough?.(pass)) break;
    }
    await run.release(pass);
  }
  // What `progress` has thrown after the last task ends the run, too.
  run.cancel.signal.throwIfAborted();
}
