import { TaskError } from '../errors.js';
import { preview } from '../values/preview.js';
import type { Gathering } from '../plan/action.js';

/** Gathers pairs in a Map, in the parent. @throws TaskError for a record that is no pair. */
export function intoMap(): Gathering {
  const value = new Map<unknown, unknown>();
  let count = 0;
  const add = (record: unknown): void => {
    if (!Array.isArray(record) || record.length !== 2) throw notAPair(record, count);
    value.set(record[0], record[1]);
    count += 1;
  };
  return { add, addAll: (records: readonly unknown[]) => records.forEach(add), value };
}

function notAPair(record: unknown, index: number): TaskError {
  const shown = preview(record);
  return new TaskError(
    `toMap takes [key, value] pairs, and record ${index} is ${shown}: make pairs with keyBy or map`,
    { verb: 'toMap', chunk: -1, preview: shown },
  );
}
