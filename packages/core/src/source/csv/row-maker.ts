import { literalOf, stepsOf, type RowColumn, type Step } from './row-steps.js';
import type { Scanner } from './scanner.js';

/** Takes the next row. */
export type MakeRow = (scanner: Scanner) => object;

/**
 * Makes the function that takes rows with these keys, in this order, out of files with so many fields a row. It is written for
 * them, so that all rows have one shape, which V8 then knows from the first on; where no code may be made from text, a loop
 * does the same.
 */
export function rowMaker(columns: readonly RowColumn[], fields: number): MakeRow {
  const steps = stepsOf(columns, fields);
  try {
    return written(columns, steps);
  } catch {
    return looped(columns, steps);
  }
}

function written(columns: readonly RowColumn[], steps: readonly Step[]): MakeRow {
  const lines = steps.map((step) =>
    step.kind === 'skip'
      ? `s.skip(${step.field}, ${step.count}, ${step.isLast});`
      : `const v${step.column} = s.${step.method}(${step.field}, ${step.isLast});`,
  );
  const row = `return ${literalOf(columns)};`;
  prime(columns, row);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names are quoted, and all else is written here
  return new Function('s', `${lines.join('\n')}\n${row}`) as MakeRow;
}

/**
 * Makes some rows that nobody needs. V8 learns from the first values of a shape what its fields may hold, and throws all code
 * away that relied on it when a number without a fraction comes among others.
 */
function prime(columns: readonly RowColumn[], row: string): void {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as above
  const make = new Function(...columns.map((_, i) => `v${i}`), row) as (...values: unknown[]) => object;
  for (const number of [0, 0.5]) make(...columns.map(({ type }) => (type === 'number' ? number : '')));
  make(...columns.map(({ type }) => (type === 'number' ? -1 : null)));
}

/** As `written`, without code that is made from text. Exported for tests. */
export function looped(columns: readonly RowColumn[], steps: readonly Step[]): MakeRow {
  return (scanner) => rowOf(columns, valuesOf(columns, steps, scanner));
}

/** Takes a row that may end early: what is missing is null. */
export function filler(columns: readonly RowColumn[]): (scanner: Scanner, fields: number) => object {
  return (scanner, fields) => rowOf(columns, valuesOf(columns, stepsOf(columns, fields), scanner));
}

function valuesOf(columns: readonly RowColumn[], steps: readonly Step[], scanner: Scanner): unknown[] {
  const values = new Array<unknown>(columns.length).fill(null);
  for (const step of steps) {
    if (step.kind === 'skip') scanner.skip(step.field, step.count, step.isLast);
    else values[step.column] = scanner[step.method](step.field, step.isLast);
  }
  return values;
}

function rowOf(columns: readonly RowColumn[], values: readonly unknown[]): object {
  const row = {};
  for (const [i, { name }] of columns.entries()) {
    Object.defineProperty(row, name, {
      value: values[i],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return row;
}
