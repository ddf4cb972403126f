import { countingIn, type Counts } from '../counters.js';
import type { Action } from '../plan/action.js';

/** An action whose functions in this process count for its run. */
export function countingAction(action: Action, counts: Counts | undefined): Action {
  if (counts === undefined) return action;
  const { gather, callsBack, finish } = action;
  return {
    ...action,
    finish: (result) => countingIn(counts, () => finish(result)),
    ...(gather &&
      callsBack && {
        gather() {
          const { add, value } = gather();
          return { add: (record) => countingIn(counts, () => add(record)), value };
        },
      }),
  };
}
