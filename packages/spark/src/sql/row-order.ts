/** Where a row belongs, as the one BIGINT that Spark sorts by: rows come in the order of bucket, task and piece within a stage. */
export interface RowPlace {
  readonly stage: number;
  readonly bucket: number;
  readonly task: number;
  readonly piece: number;
}

/** Bits of each part, from the top; the sign stays free. */
const STAGE = 7n;
const BUCKET = 12n;
const TASK = 24n;
const PIECE = 20n;

/** @throws RangeError when a part is too large for its bits: 128 stages, 4096 buckets, 16 million tasks, a million pieces. */
export function packOrder({ stage, bucket, task, piece }: RowPlace): bigint {
  check('stage', stage, STAGE);
  check('bucket', bucket, BUCKET);
  check('task', task, TASK);
  check('piece', piece, PIECE);
  return (((((BigInt(stage) << BUCKET) | BigInt(bucket)) << TASK) | BigInt(task)) << PIECE) | BigInt(piece);
}

/** By how much the `s` of a task differs from that of the one before. */
export const TASK_STEP = 1n << PIECE;

export function unpackOrder(order: bigint): RowPlace {
  return {
    stage: Number(order >> (BUCKET + TASK + PIECE)),
    bucket: part(order, TASK + PIECE, BUCKET),
    task: part(order, PIECE, TASK),
    piece: part(order, 0n, PIECE),
  };
}

function part(order: bigint, shift: bigint, bits: bigint): number {
  return Number((order >> shift) & ((1n << bits) - 1n));
}

function check(name: string, value: number, bits: bigint): void {
  const end = 2 ** Number(bits);
  if (!(Number.isInteger(value) && value >= 0 && value < end)) {
    throw new RangeError(`Expected a ${name} from 0 to ${end - 1}, got ${value}`);
  }
}
