import type { Outcome } from '../pool/pool.js';
import type { ResultBytes, TaskDone, TaskReply } from '../protocol/reply.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { toError } from './to-error.js';

/** Whether an attempt may have left something in the run's directory: it has unless it has said that it has not. */
export function mayHaveWritten({ selection }: TaskMessage, outcome: Outcome): boolean {
  if (outcome.kind !== 'reply' || !outcome.reply.ok || selection !== undefined) return true;
  return outcome.reply.disk.written > 0 || resultsOf(outcome.reply).some((value) => 'file' in value);
}

/** What a task has for its stage, and for those that it has gone on with. */
function resultsOf({ value, nextStage }: TaskDone): ResultBytes[] {
  return nextStage === undefined ? [value] : [value, ...resultsOf(nextStage)];
}

/** What a task has done, without what a child says besides. @throws What has failed. */
export function accepted(reply: TaskReply): TaskDone {
  if (!reply.ok) throw toError(reply.failure);
  const { ok, value, records, emitted, seconds, skipped, more = false, counters, covered, nextStage } = reply;
  return {
    ok,
    value,
    records,
    emitted,
    seconds,
    skipped,
    ...(more && { more }),
    ...(covered !== undefined && { covered }),
    ...(nextStage && { nextStage }),
    ...(counters && { counters }),
  };
}
