import type { Batch } from '../../src/source/source.js';
import { Blame } from '../../src/task/blame/blame.js';
import { Functions } from '../../src/task/functions.js';
import type { TaskContext } from '../../src/task/task-context.js';
import { Calls } from '../../src/task/verbs/calls.js';

/** What the parts of a task share that runs these functions, and may write nothing. */
export function contextOf(functions: readonly unknown[], more: Partial<TaskContext> = {}): TaskContext {
  const spill = { directory: '/nowhere', name: '', memory: 2 ** 20, inline: 2 ** 20 };
  return {
    functions: new Functions(functions),
    blame: new Blame(),
    place: { spill, inlineResult: 2 ** 20, parts: '/nowhere' },
    skips: undefined,
    calls: new Calls(),
    ...more,
  };
}

/** A batch of records that are known by their index. */
export function batchOf(records: readonly unknown[], first = 0): Batch {
  return { records, locate: (i) => ({ index: first + i }) };
}
