import { AsyncLocalStorage } from 'node:async_hooks';
import { shared } from '../shared-state.js';

const state = shared('parking', () => ({
  tasks: new AsyncLocalStorage<true>(),
  park: undefined as (() => void) | undefined,
}));

/** Makes this process a child: from now on, runs outside a task are parked, and `onPark` hears of each. */
export function parkRuns(onPark: () => void): void {
  state.park = onPark;
}

/** Runs a task. A run started inside it is a nested one, which runs in this very process. */
export function insideTask<R>(task: () => R): R {
  return state.tasks.run(true, task);
}

export function isInsideTask(): boolean {
  return state.tasks.getStore() === true;
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
