import type { ColumnType } from './csv-format.js';
import { typesInWords } from './field-types.js';
import { RowFault } from './row-fault.js';

/** Says what is wrong with rows, given the names of their fields. */
export class RowFaults {
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** A field that cannot be read as its type. */
  wrongType(field: number, type: ColumnType, text: string): RowFault {
    const value = text === '' ? 'is empty' : `has ${shown(text)}`;
    const remedy = text === '' ? " (where that means null, give nulls: [''])" : '';
    return new RowFault(
      `no row: ${this.nameOf(field)} is to be ${typesInWords[type]}, and ${value}${remedy}`,
    );
  }

  /** A row with so many fields, which are more than there are columns. */
  tooMany(count: number): RowFault {
    return new RowFault(`no row: it has ${count} fields, and there are ${this.#names.length} columns`);
  }

  /** A row that ends with this field, and has more columns. */
  tooFew(last: number): RowFault {
    const what = `it has ${last + 1} field${last === 0 ? '' : 's'}, and there are ${this.#names.length} columns`;
    return new RowFault(
      `no row: ${what}: ${this.nameOf(last + 1)} is missing (ragged: 'fill' makes it null)`,
    );
  }

  nameOf(field: number): string {
    const name = this.#names[field];
    return name === undefined ? `field ${field + 1}` : `column ${shown(name)}`;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
