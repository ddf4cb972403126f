import { mayCount, taskCounts, type Counts } from '../counters.js';
import { shared } from '../shared-state.js';

const state = shared('parking', () => ({
  park: undefined as (() => void) | undefined,
  /** Whether there is a module that may start runs outside all tasks. */
  hasModules: false,
  /** Tasks under way that began when there was none. */
  underWay: 0,
}));

/** Makes this process a child: from now on, runs outside a task are parked, and `onPark` hears of each. */
export function parkRuns(onPark: () => void): void {
  state.park = onPark;
}

/** Notes that a module of a job will be imported: what it starts goes on outside the tasks. */
export function expectModules(): void {
  state.hasModules = true;
}

/** Runs a task, which counts in `counts`. A run started inside it is a nested one, which runs in this very process. */
export function insideTask<R>(task: () => R, counts: Counts): R {
  if (state.hasModules || state.park === undefined || mayCount()) return taskCounts.run(counts, task);
  // To follow a task through its asynchronous steps makes each of them slower, and here is nothing to tell it from.
  const end = (): void => void (state.underWay -= 1);
  state.underWay += 1;
  let result: R;
  try {
    result = task();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as R;
  end();
  return result;
}

export function isInsideTask(): boolean {
  return state.underWay > 0 || taskCounts.getStore() !== undefined;
}

/** Whether a run that began here and now would be parked. */
export function isParkedHere(): boolean {
  return state.park !== undefined && !isInsideTask();
}

/** Whether a run that is asked for here and now must be parked; if so, the module that asks has parked. */
export function isParked(): boolean {
  if (!isParkedHere()) return false;
  state.park?.();
  return true;
}
