import { AsyncLocalStorage } from 'node:async_hooks';

const tasks = new AsyncLocalStorage<true>();
let park: (() => void) | undefined;

/** Makes this process a child: from now on, runs outside a task are parked, and `onPark` hears of each. */
export function parkRuns(onPark: () => void): void {
  park = onPark;
}

/** Runs a task. A run started inside it is a nested one, which runs in this very process. */
export function insideTask<R>(task: () => R): R {
  return tasks.run(true, task);
}

export function isInsideTask(): boolean {
  return tasks.getStore() === true;
}

/** Whether a run that began here and now would be parked. */
export function isParkedHere(): boolean {
  return park !== undefined && !isInsideTask();
}

/** Whether a run that is asked for here and now must be parked; if so, the module that asks has parked. */
export function isParked(): boolean {
  if (!isParkedHere()) return false;
  park?.();
  return true;
}
