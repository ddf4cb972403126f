import type { ColumnType } from './csv-format.js';

/** A key of a row, and the field of the file that it is read from. */
export interface RowColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly field: number;
}

/** How a scanner reads a field. */
export type Method = 'text' | 'number' | 'bigint' | 'boolean' | 'date';

/** A field to read, or some to skip. */
export type Step =
  | {
      readonly kind: 'read';
      readonly method: Method;
      readonly field: number;
      readonly column: number;
      readonly isLast: boolean;
    }
  | { readonly kind: 'skip'; readonly field: number; readonly count: number; readonly isLast: boolean };

export function methodOf(type: ColumnType): Method {
  return type === 'string' ? 'text' : type;
}

/** What is done with the fields of a row, in their order, given how many there are. */
export function stepsOf(columns: readonly RowColumn[], fields: number): Step[] {
  const steps: Step[] = [];
  const byField = new Map(columns.map(({ field }, column) => [field, column]));
  for (let field = 0; field < fields; field += 1) {
    const isLast = field + 1 === fields;
    const column = byField.get(field);
    const last = steps.at(-1);
    if (column !== undefined) {
      steps.push({ kind: 'read', method: methodOf(columns[column]!.type), field, column, isLast });
    } else if (last?.kind === 'skip') steps[steps.length - 1] = { ...last, count: last.count + 1, isLast };
    else steps.push({ kind: 'skip', field, count: 1, isLast });
  }
  return steps;
}

/** The text of a literal of a row whose values are in variables: `v0`, `v1` and so on, where they begin with `v`. */
export function literalOf(columns: readonly Pick<RowColumn, 'name'>[], variable = 'v'): string {
  return `{ ${columns.map(({ name }, i) => `${keyOf(name)}: ${variable}${i}`).join(', ')} }`;
}

/** In brackets a name is a key like any other, `__proto__` too. */
function keyOf(name: string): string {
  const key = JSON.stringify(name);
  return name === '__proto__' ? `[${key}]` : key;
}
