import { copySpilled } from '../../shuffle/group/spilled-values.js';
import type { Batch } from '../../source/chunk.js';
import type { Fn, Push } from './chain.js';
import type { Cursor } from '../blame/blame.js';
import { mapConcurrently, type AsyncOp } from './map-concurrently.js';
import { isThenable } from '../../values/thenable.js';
import type { Tolerance } from '../blame/skips.js';

/**
 * Pushes what `fn` makes of each record, synchronously until a call returns a promise: the results from there on are
 * returned, to be awaited. So `parallelMap` takes any function and costs a synchronous one next to nothing.
 */
export function mapUntilPromise(
  batches: Iterable<Batch>,
  fn: Fn,
  op: AsyncOp,
  push: Push,
  cursor: Cursor,
  tolerance: Tolerance | undefined,
): AsyncIterable<unknown> | undefined {
  const records = eachRecord(batches, cursor);
  for (let step = records.next(); step.done !== true; step = records.next()) {
    cursor.verb = op.verb;
    cursor.fn = op.fn;
    let made: unknown;
    try {
      made = fn(copySpilled(step.value));
    } catch (error) {
      if (tolerance === undefined) throw error;
      tolerance.skip(error);
      continue;
    }
    if (isThenable(made)) {
      return mapConcurrently(records, fn, op, cursor, tolerance, made);
    }
    push(made);
  }
  return undefined;
}

function* eachRecord(batches: Iterable<Batch>, cursor: Cursor): Generator<unknown, void, undefined> {
  for (const batch of batches) {
    const { records } = batch;
    cursor.batch = batch;
    for (let i = 0; i < records.length; i += 1) {
      cursor.i = i;
      yield records[i];
    }
    cursor.records += records.length;
  }
  cursor.verb = '';
}
