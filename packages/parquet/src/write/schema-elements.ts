import type { SchemaElement } from 'hyparquet-writer';
import type { ParquetType } from '../write-options.js';

/** The schema of columns, as Parquet writes it: each element before those in it. @throws TypeError for a name that UTF-8 cannot write. */
export function schemaOf(columns: Readonly<Record<string, ParquetType>>): SchemaElement[] {
  const entries = Object.entries(columns);
  return [
    { name: 'root', num_children: entries.length },
    ...entries.flatMap(([name, type]) => elementsOf(name, type)),
  ];
}

function elementsOf(name: string, type: ParquetType): SchemaElement[] {
  if (!(name as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new TypeError('the name of a column holds a lone surrogate, which UTF-8 cannot write: rename it');
  }
  const repetition_type = 'OPTIONAL';
  if (typeof type === 'string') return [{ name, repetition_type, ...leaves[type] }];
  if (Array.isArray(type)) {
    return [
      { name, repetition_type, converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf('element', (type as readonly [ParquetType])[0]),
    ];
  }
  const fields = Object.entries(type);
  return [
    { name, repetition_type, num_children: fields.length },
    ...fields.flatMap(([field, of]) => elementsOf(field, of)),
  ];
}

const leaves: Readonly<Record<Extract<ParquetType, string>, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  float: { type: 'FLOAT' },
  int32: { type: 'INT32' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  date: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  day: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  bytes: { type: 'BYTE_ARRAY' },
};
