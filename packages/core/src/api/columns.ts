import { areNames, checkArgument, type Rule } from '../checks/check-arguments.js';
import { isRecord } from '../checks/is-record.js';
import { suggestNear } from '../checks/nearest-name.js';
import type { ColumnType, CsvColumn } from '../source/csv/csv-format.js';
import type { CsvColumns } from './csv-options.js';

const types: readonly ColumnType[] = ['string', 'number', 'bigint', 'boolean', 'date'];

/** Names of columns, or their types by name. */
export const someColumns: Rule = [
  'an array of different names, or an object of types by name, such as { station: "string", temperature: "number" }',
  (value) =>
    Array.isArray(value) ? areNames(value) : isRecord(value) && Object.keys(value as object).length > 0,
];

/** The columns that an option names, where they follow `someColumns`. @throws OptionError for an unknown type. */
export function columnsOf(option: string, columns: CsvColumns): readonly CsvColumn[] {
  if (Array.isArray(columns)) return (columns as readonly string[]).map((name) => ({ name, type: 'string' }));
  return Object.entries(columns).map(([name, type]) => {
    if (!types.includes(type as ColumnType)) {
      checkArgument(`${option}.${name}`, type, [
        `one of ${types.map((one) => `"${one}"`).join(', ')}${suggestNear(type, types)}`,
        () => false,
      ]);
    }
    return { name, type: type as ColumnType };
  });
}
