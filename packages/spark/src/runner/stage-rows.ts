import { decode, encode, type MapOutput, type TaskDone, type TaskMessage } from '@forkfold/core/engine';
import type { OpenTally } from '../ship/tally.js';
import { BLOCK, CONTINUED, pieceCount, piecesOf, type Bytes } from '../sql/pieces.js';
import { LAST, ROW } from '../sql/row-kinds.js';
import { packOrder } from '../sql/row-order.js';
import type { RowWriter } from './row-writer.js';

/** What a stage's tasks give, as rows. */
export interface StageRows {
  readonly stage: number;
  readonly out: RowWriter;
  readonly tally: OpenTally;
}

/** Segments of buckets: each goes to the lane that reads its bucket. */
export function segmentRows(
  { stage, out, tally }: StageRows,
  { chunks: [first] }: TaskMessage,
  { value }: TaskDone,
  keys: readonly number[],
): MapOutput {
  const output = decode(value as Uint8Array) as MapOutput;
  let piece = 0;
  for (const segment of output.segments) {
    const { bucket, entries } = segment;
    let head = `S${entries}:`;
    for (const bytes of piecesOf(segment)) {
      const order = packOrder({ stage, bucket, task: first!.number, piece: piece++ });
      out.bytes(keys[bucket]!, order, head, bytes);
      head = CONTINUED;
    }
    tally.segmentsOut += 1;
  }
  return output;
}

/** Pieces that a block may have: it is of 192 KB, or a single record. */
const BLOCK_PIECES = 256;

/** The number of the first row of a block of a sorted run. */
export function blockRow(block: number): number {
  return block * BLOCK_PIECES;
}

/**
 * Sorted runs, by the block, and what the driver must know to cut them into ranges of keys. `p` is the number of the task, and the
 * rows of a run are numbered by its blocks: how many bytes these have may be another number when a lost one is made again.
 */
export function runRows(
  { stage, out }: StageRows,
  { chunks: [first] }: TaskMessage,
  { value }: TaskDone,
): MapOutput {
  const output = decode(value as Uint8Array) as MapOutput;
  const { segments, samples = [] } = output;
  const task = first!.number;
  for (const [run, segment] of segments.entries()) {
    let begin = 0;
    for (const [block, length] of samples[run]!.lengths.entries()) {
      if (pieceCount(length) > BLOCK_PIECES)
        throw new RangeError(`A record of ${length} bytes is too large to be sorted`);
      let piece = blockRow(block);
      let head = BLOCK;
      for (const bytes of piecesOf(partOf(segment, begin, length))) {
        out.bytes(task, packOrder({ stage, bucket: run, task: 0, piece: piece++ }), head, bytes);
        head = CONTINUED;
      }
      begin += length;
    }
  }
  const known = segments.map(({ bucket, entries, length }) => ({ bucket, entries, length }));
  wholeRows(out, { kind: ROW.runs, stage, task, head: 'R:' }, encode({ ...output, segments: known }, 'runs'));
  return output;
}

/** What a task of the last stage gives, with how many chunks it covers. */
export function resultRows({ stage, out }: StageRows, { chunks }: TaskMessage, { value }: TaskDone): void {
  const bytes = 'file' in value ? value : { data: value, length: value.length };
  const at = { kind: ROW.result, stage, task: chunks[0]!.number, head: `V${chunks.length}:` };
  wholeRows(out, at, bytes);
}

/** What the process has done. */
export function tallyRow({ stage, out, tally }: StageRows, own: Parameters<OpenTally['encode']>[0]): void {
  out.bytes(ROW.tally, LAST + BigInt(stage), 'N:', tally.encode(own));
}

interface WholeRows {
  readonly kind: number;
  readonly stage: number;
  readonly task: number;
  /** Opens the first of the rows. */
  readonly head: string;
}

function wholeRows(out: RowWriter, { kind, stage, task, head }: WholeRows, given: Uint8Array | Bytes): void {
  const whole = given instanceof Uint8Array ? { data: given, length: given.length } : given;
  let piece = 0;
  for (const bytes of piecesOf(whole)) {
    const order = packOrder({ stage, bucket: 0, task, piece });
    out.bytes(kind, order, piece === 0 ? head : CONTINUED, bytes);
    piece += 1;
  }
}

function partOf({ data, file, offset = 0 }: Bytes, begin: number, length: number): Bytes {
  if (data !== undefined) return { data: data.subarray(begin, begin + length), length };
  return { ...(file !== undefined && { file }), offset: offset + begin, length };
}
