import { ColumnScan } from './column-scan.js';
import type { CsvFormat } from './csv-format.js';
import type { FileHead } from './file-head.js';
import { kernelOfProcess } from './kernel.js';
import { columnsIn } from './match-header.js';
import { filler, rowMaker, type MakeRow } from './row-maker.js';
import { Scanner } from './scanner.js';

/** How rows are taken out of files with one header. */
export interface RowPlan {
  readonly format: CsvFormat;
  readonly scanner: Scanner;
  readonly make: MakeRow;
  /** Takes many rows at once, where it can. */
  readonly scan: ColumnScan | undefined;
  /** Takes a row that has fewer fields than it should, where that is allowed. */
  readonly fill: ((scanner: Scanner, fields: number) => object) | undefined;
  /** How many fields a row has. */
  readonly fields: number;
}

/**
 * Finds the plan for a file. Files with the same header share one, and with it the texts that their columns repeat and the code
 * that V8 has made.
 */
export function rowPlans(
  format: CsvFormat,
  hasKernel: boolean,
): (file: string, head: FileHead, common: readonly string[]) => RowPlan {
  const plans = new Map<string, RowPlan>();
  return (file, head, common) => {
    const key = JSON.stringify([head.delimiter, head.names, common]);
    const known = plans.get(key);
    if (known !== undefined) return known;
    const columns = columnsIn(file, head, format, common);
    const names = head.names ?? columns.map(({ name }) => name);
    const texts = columns.filter(({ type }) => type === 'string').map(({ field }) => field);
    // The first text of a row is its key more often than another one.
    const hinted = Math.min(...texts, names.length);
    const kernel = hasKernel ? kernelOfProcess() : undefined;
    const scanner = new Scanner(format, head.delimiter, names, { hinted, shared: kernel });
    const { delimiter } = head;
    const plan: RowPlan = {
      format,
      scanner,
      make: rowMaker(columns, names.length),
      scan:
        kernel &&
        new ColumnScan(kernel, scanner, { format, delimiter, columns, fields: names.length, hinted }),
      fill: format.fills ? filler(columns) : undefined,
      fields: names.length,
    };
    plans.set(key, plan);
    return plan;
  };
}
