import type { CsvFormat } from './csv-format.js';
import type { FileHead } from './file-head.js';
import { columnsIn } from './match-header.js';
import { filler, rowMaker, type MakeRow } from './row-maker.js';
import { Scanner } from './scanner.js';

/** How rows are taken out of files with one header. */
export interface RowPlan {
  readonly format: CsvFormat;
  readonly scanner: Scanner;
  readonly make: MakeRow;
  /** Takes a row that has fewer fields than it should, where that is allowed. */
  readonly fill: ((scanner: Scanner, fields: number) => object) | undefined;
  /** How many fields a row has. */
  readonly fields: number;
  /** Rows a byte, in the last block: lists that need not grow take a fifth of the time less. */
  density: number;
}

/**
 * Finds the plan for a file. Files with the same header share one, and with it the texts that their columns repeat and the code
 * that V8 has made.
 */
export function rowPlans(
  format: CsvFormat,
): (file: string, head: FileHead, common: readonly string[]) => RowPlan {
  const plans = new Map<string, RowPlan>();
  return (file, head, common) => {
    const key = JSON.stringify([head.delimiter, head.names, common]);
    const known = plans.get(key);
    if (known !== undefined) return known;
    const columns = columnsIn(file, head, format, common);
    const names = head.names ?? columns.map(({ name }) => name);
    const texts = columns.filter(({ type }) => type === 'string').map(({ field }) => field);
    const plan: RowPlan = {
      format,
      // The first text of a row is its key more often than another one.
      scanner: new Scanner(format, head.delimiter, names, Math.min(...texts, names.length)),
      make: rowMaker(columns, names.length),
      fill: format.fills ? filler(columns) : undefined,
      fields: names.length,
      density: 0,
    };
    plans.set(key, plan);
    return plan;
  };
}
