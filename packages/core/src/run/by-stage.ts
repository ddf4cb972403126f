import type { Failure } from '../protocol/failure.js';
import type { PassResult } from '../protocol/reply.js';
import type { SpanFold } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';
import { decode } from '../values/codec.js';
import type { CutPass, CutStage } from './cut-plan.js';

/** What a task has for a stage. */
export interface StageResult {
  readonly stage: CutStage;
  readonly emitted: TaskResult['emitted'];
  /** One; of a stage that folds in a pass with others, one for each subtree of the run's tree. */
  readonly results: readonly TaskResult[];
  /** Why there is none, should it be needed. */
  readonly failure?: Failure | undefined;
}

/** What a task of a pass has for each of its stages. */
export function byStage({ stages, shared }: CutPass, result: TaskResult): StageResult[] {
  if (shared === undefined) return [{ stage: stages[0]!, emitted: result.emitted, results: [result] }];
  const all = decode(result.value as Uint8Array) as PassResult[];
  return all.map(({ value, emitted, failure }, i): StageResult => {
    const stage = stages[i]!;
    if (failure !== undefined) return { stage, emitted, results: [], failure };
    if (!['count', 'reduce', 'aggregate'].includes(stage.wire.sink.kind)) {
      return { stage, emitted, results: [{ ...result, value, emitted }] };
    }
    const spans = decode(value as Uint8Array) as SpanFold[];
    const results = spans.map(({ value: folded, size }) => ({
      ...result,
      value: folded,
      emitted,
      chunks: size,
    }));
    return { stage, emitted, results };
  });
}
