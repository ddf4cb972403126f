import { encode, type TaskDone } from '@forkfold/core/engine';
import { EngineError } from '../engine-error.js';
import { decodeTally, type Tally } from '../ship/tally.js';
import { CONTINUED, parsePiece } from '../sql/pieces.js';
import { ROW } from '../sql/row-kinds.js';
import { unpackOrder } from '../sql/row-order.js';
import type { SparkRow } from '../client/rows.js';

/** What a task of the last stage has given. */
export interface StageResult {
  /** The number of its first chunk. */
  readonly first: number;
  readonly chunks: number;
  readonly value: Uint8Array;
}

/** Values that come in pieces, each a row, and what the processes tell of themselves. */
export async function* wholeValues(
  rows: AsyncIterable<SparkRow>,
  kind: number,
  onTally: (tally: Tally) => void,
): AsyncGenerator<StageResult, void, undefined> {
  let open: { task: number; next: number; chunks: number; pieces: Buffer[] } | undefined;
  const whole = (): StageResult[] => {
    if (open === undefined) return [];
    const { task, chunks, pieces } = open;
    open = undefined;
    return [{ first: task, chunks, value: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) }];
  };
  for await (const [p, s, d] of rows) {
    const { head, bytes } = parsePiece(d as string);
    const own = Number(p);
    if (own === ROW.tally) onTally(decodeTally(bytes));
    if (own !== kind) continue;
    const { task, piece } = unpackOrder(BigInt(s as bigint | string));
    if (piece === 0) {
      yield* whole();
      open = { task, next: 1, chunks: Number(head.slice(1)) || 1, pieces: [bytes] };
    } else if (open?.task === task && open.next === piece && `${head}:` === CONTINUED) {
      open.pieces.push(bytes);
      open.next += 1;
    } else throw new EngineError(`Piece ${piece} of the result of task ${task} came without the one before`);
  }
  yield* whole();
}

/**
 * Results in the order of their chunks. Those of one input come in that order, since lanes hold neighbours; those of several are
 * put into it.
 */
export async function* inOrder(
  results: AsyncIterable<StageResult>,
  comeInOrder: boolean,
): AsyncGenerator<StageResult, void, undefined> {
  let last = -1;
  const held: StageResult[] = [];
  for await (const result of results) {
    if (!comeInOrder) {
      held.push(result);
      continue;
    }
    if (result.first <= last) throw new EngineError(`Chunk ${result.first} came after chunk ${last}`);
    last = result.first;
    yield result;
  }
  yield* held.sort((a, b) => a.first - b.first);
}

const nothing = encode([], 'result');

/** The same with a partial result of nothing for each chunk that gave none, which has its place in the tree. */
export async function* withGaps(
  results: AsyncIterable<StageResult>,
  count: number,
): AsyncGenerator<StageResult, void, undefined> {
  let next = 0;
  for await (const result of results) {
    for (; next < result.first; next++) yield { first: next, chunks: 1, value: nothing };
    yield result;
    next = result.first + result.chunks;
  }
  for (; next < count; next++) yield { first: next, chunks: 1, value: nothing };
}

/** A result as core's collectors take it. */
export function taskResult({ chunks, value }: StageResult): Omit<TaskDone, 'ok'> & { chunks: number } {
  const emitted = { records: 0, bytes: value.length };
  return { chunks, value, records: 0, emitted, seconds: 0, skipped: { count: 0, records: [] } };
}
