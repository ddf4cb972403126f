import { tableFromIPC } from '@uwdata/flechette';

/**
 * A row of a result: a value a column. Over Connect a BIGINT is a bigint, a STRING a string, NULL is `null`; over spark-sql all are
 * texts.
 */
export type SparkRow = readonly unknown[];

/** Reads the rows of one Arrow batch, in order. */
export function* rowsOf(data: Uint8Array): Generator<SparkRow> {
  // Arrow's buffers are aligned to 8 bytes from the batch's begin, which lies anywhere in a message.
  const aligned = data.byteOffset % 8 === 0 ? data : new Uint8Array(data);
  const table = tableFromIPC(aligned, { useBigInt: true });
  const columns = Array.from({ length: table.numCols }, (_, index) => table.getChildAt(index));
  for (let row = 0; row < table.numRows; row++) yield columns.map((column) => column.at(row) as unknown);
}
