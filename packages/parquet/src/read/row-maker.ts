import type { ColumnValues } from './row-group.js';

/** Makes the row with this index. */
export type MakeRow = (index: number) => object;

/**
 * Makes the function that makes rows of columns, whose names are the keys, in order. It is written for them, so that all rows have
 * one shape; where no code may be made from text, a loop does the same.
 */
export function rowMaker(names: readonly string[], columns: readonly ColumnValues[]): MakeRow {
  try {
    return written(names, columns);
  } catch {
    return looped(names, columns);
  }
}

/** The makers by their texts: a row group has that of the one before it, which V8 has compiled. */
const factories = new Map<string, (...given: unknown[]) => MakeRow>();
const MOST_FACTORIES = 64;

function written(names: readonly string[], columns: readonly ColumnValues[]): MakeRow {
  // In brackets a name is a key like any other, `__proto__` too.
  const keys = names.map((name, i) => {
    const key = name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
    const finished = columns[i]!.finish ? `(v${i}[i] == null ? null : f${i}(v${i}[i]))` : `v${i}[i] ?? null`;
    return `${key}: ${finished}`;
  });
  const parameters = names.flatMap((_, i) => [`v${i}`, `f${i}`]);
  const text = `return (i) => ({ ${keys.join(', ')} });`;
  return factory(parameters, text)(...columns.flatMap(({ values, finish }) => [values, finish]));
}

function factory(parameters: readonly string[], text: string): (...given: unknown[]) => MakeRow {
  const known = factories.get(text);
  if (known !== undefined) return known;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names are quoted, and all else is written here
  const make = new Function(...parameters, text) as (...given: unknown[]) => MakeRow;
  if (factories.size >= MOST_FACTORIES) factories.clear();
  factories.set(text, make);
  return make;
}

/** As `written`, without code that is made from text. Exported for tests. */
export function looped(names: readonly string[], columns: readonly ColumnValues[]): MakeRow {
  return (index) => {
    const row = {};
    for (const [i, name] of names.entries()) {
      const { values, finish } = columns[i]!;
      const value = values[index] ?? null;
      const finished = value === null || finish === undefined ? value : finish(value as never);
      Object.defineProperty(row, name, {
        value: finished,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return row;
  };
}
