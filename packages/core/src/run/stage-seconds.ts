import type { WireBranch } from '../plan/compiled-plan.js';
import type { PlanPace } from '../pool/paces.js';
import type { TaskResult } from '../protocol/task-result.js';
import type { CutStage } from './cut-plan.js';

/** How long the records of a stage take. */
export class StageSeconds {
  records = 0;
  emitted = 0;
  #longest: TaskResult | undefined;

  add(result: TaskResult): TaskResult {
    this.records += result.records;
    this.emitted += result.emitted.records;
    // What a task costs besides its records is the least part of the one that has most of them.
    if (result.records > (this.#longest?.records ?? 0)) this.#longest = result;
    return result;
  }

  get all(): number {
    const { seconds = 0, records = 1 } = this.#longest ?? {};
    return (seconds / records) * this.records;
  }
}

/**
 * Notes the pace of a stage, by the records that it was given: by a source, or by the stage before, which may have combined them.
 *
 * @param given How many records each stage has given so far.
 */
export function remember(
  { number, wire: { branches } }: CutStage,
  { all, records, emitted }: StageSeconds,
  pace: PlanPace,
  given: Map<number, number>,
): void {
  given.set(number, emitted);
  const [{ from }] = branches as readonly [WireBranch];
  const base = 'stage' in from ? (given.get(from.stage) ?? 0) : records;
  if (base > 0) pace.set(number, all / base);
}
