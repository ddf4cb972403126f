import type { Callable } from '../../plan/function-ref.js';
import type { Op } from '../../plan/node.js';
import type { StandardSchema } from '../../checks/standard-schema.js';
import type { Cursor } from '../blame/blame.js';
import { joinGroups, type CoGroup } from './join-groups.js';
import { rowParser } from '../../source/readers/json-rows.js';
import { asPair } from '../blame/pairs.js';
import { isThenable } from '../../values/thenable.js';
import type { Tolerance } from '../blame/skips.js';

export type Push = (record: unknown) => void;
export type Fn = (...args: unknown[]) => unknown;

/** Fuses transformations into one function that is called with each record. */
export function chain(
  ops: readonly Op<number>[],
  functions: readonly Callable[],
  sink: Push,
  cursor: Cursor,
  seed: number,
): Push {
  return ops.reduceRight<Push>((next, op) => link(op, functions[functionOf(op)], next, cursor, seed), sink);
}

/** A chain whose results reach the sink only once all of a record's functions have returned. */
export function tolerantChain(
  ops: readonly Op<number>[],
  functions: readonly Callable[],
  sink: Push,
  cursor: Cursor,
  seed: number,
  tolerance: Tolerance,
): Push {
  const held: unknown[] = [];
  const hold: Push = (record) => {
    // An endless flatMap is cut short by what the sink has room for.
    if (held.push(record) >= tolerance.limit) cursor.done = true;
  };
  const push = chain(ops, functions, hold, cursor, seed);
  return (record) => {
    held.length = 0;
    try {
      push(record);
    } catch (error) {
      tolerance.skip(error);
      return;
    }
    cursor.done = false;
    // The sink sets it, once it has all that it needs.
    for (let i = 0; i < held.length && !isDone(cursor); i += 1) sink(held[i]);
  };
}

function isDone({ done }: Cursor): boolean {
  return done;
}

/** The number of an op's function, -1 for none. */
function functionOf(op: Op<number>): number {
  return 'fn' in op ? (op.fn ?? -1) : -1;
}

function link(
  op: Op<number>,
  callable: Callable | undefined,
  next: Push,
  cursor: Cursor,
  seed: number,
): Push {
  const fn = callable as unknown as Fn;
  const number = functionOf(op);
  const at = (): void => {
    cursor.verb = op.verb;
    cursor.fn = number;
  };
  switch (op.verb) {
    case 'map':
      return (record) => {
        at();
        next(fn(record));
      };
    case 'filter':
      return (record) => {
        at();
        const kept = fn(record);
        if (isThenable(kept)) throw new TypeError('filter does not wait for a promise: use mapAsync first');
        if (kept) next(record);
      };
    case 'flatMap':
    case 'mapReduce.map':
      return (record) => {
        at();
        for (const made of fn(record) as Iterable<unknown>) {
          next(made);
          if (cursor.done) return;
          at();
        }
      };
    case 'keyBy':
      return (record) => {
        at();
        next([fn(record), record]);
      };
    case 'mapValues':
      return (record) => {
        at();
        const [key, value] = asPair(record, cursor);
        next([key, fn(value)]);
      };
    case 'mapReduce.reduce':
      return (record) => {
        at();
        const [key, values] = record as [unknown, unknown];
        next([key, fn(key, op.combined ? [values] : values)]);
      };
    case 'aggregateByKey.finish': {
      const { finish } = callable as unknown as { finish?: Fn };
      return (record) => {
        at();
        const [key, value] = record as [unknown, unknown];
        next(finish ? [key, (callable as unknown as { finish: Fn }).finish(value)] : record);
      };
    }
    case 'jsonLines': {
      const toRow = rowParser(callable as StandardSchema | undefined);
      return (record) => {
        const line = record as string;
        if (/^\s*$/.test(line)) return;
        at();
        next(toRow(line));
      };
    }
    case 'values':
      return (record) => next((record as [unknown, unknown])[1]);
    case 'join':
      return (record) => joinGroups(record as CoGroup, op, next, cursor);
    case 'sample': {
      // mulberry32, seeded by the chunk's number, so that a retry takes the same records.
      let state = (op.seed ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
      return (record) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        if (((t ^ (t >>> 14)) >>> 0) / 2 ** 32 < op.fraction) next(record);
      };
    }
    case 'mapPartitions':
    case 'mapAsync':
    case 'parallelMap':
      throw new Error(`${op.verb} is no link of a chain`);
  }
}
