import type { WireInput, WireStage } from '../../src/plan/compiled-plan.js';
import type { Op } from '../../src/plan/verbs.js';
import type { Outcome } from '../../src/pool/pool.js';
import type { TaskUsage } from '../../src/protocol/task-usage.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import type { AttemptEvent, StageEvent, TaskEvent } from '../../src/report/observer.js';
import { done, doneOutcome } from '../run/fake-runner.js';

const fromSource: WireInput = { source: 'textLines', reader: 0 };

/** A stage that begins. */
export function stageEvent(more: Partial<StageEvent> & Partial<WireStage> = {}): StageEvent {
  const ops: Op<number>[] = [{ verb: 'map', fn: 1 }];
  const { branches = [{ ops, tag: 0, from: fromSource }], sink = { kind: 'count' }, ...event } = more;
  return { number: 0, stages: 1, stage: { branches, sink }, chunks: 4, processes: 2, ...event };
}

/** The message of an attempt at the task of a chunk. */
export function message(chunk: number, attempt = 0): TaskMessage {
  return {
    run: 'run',
    stage: 0,
    name: `0-${chunk}-${attempt}`,
    chunks: [{ number: chunk, branch: 0, source: {} }],
  };
}

/** The events of an attempt that begins, and ends. */
export function attemptEvents(task: TaskMessage, outcome: Outcome = doneOutcome): readonly AttemptEvent[] {
  const begun = { task, slot: 0, started: 1 };
  return [begun, { ...begun, ended: 2, outcome }];
}

/** An outcome whose child is so large, and did so much on the disk. */
export function replyOf(rss: number, disk = { written: 0, peak: 0, kept: 0 }): Outcome {
  return { kind: 'reply', reply: { ...done, rss, disk } };
}

/** The result of a task of so many records. */
export function taskEvent(
  records: number,
  { chunks = 1, emitted = 1, bytes = 0, skipped = 0 } = {},
): TaskEvent {
  const result = { ...done, records, chunks, emitted: { records: emitted, bytes } };
  return { result, skipped };
}

/** An outcome of a task that took so many seconds and cost so much. */
export function usageOutcome(
  usage: Partial<TaskUsage> & { readonly pid: number },
  { seconds = 0, rss = 0 } = {},
): Outcome {
  const nothing = { serializeSeconds: 0, gcSeconds: 0, cpuSeconds: 0 };
  const none = { chunkSeconds: new Float64Array(), chunkRecords: new Float64Array() };
  return { kind: 'reply', reply: { ...done, seconds, rss, usage: { ...nothing, ...none, ...usage } } };
}
