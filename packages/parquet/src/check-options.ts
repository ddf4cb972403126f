import { types as nodeTypes } from 'node:util';
import { OptionError } from '@forkfold/core';
import {
  aBoolean,
  aSchema,
  checkArgument,
  checkArguments,
  columnsOf as partitionColumnsOf,
  someColumns,
  suggestName,
  suggestNear,
  type Rule,
} from '@forkfold/core/engine';
import type { ParquetColumnType, ParquetFilter, ParquetOptions } from './parquet-options.js';
import type { Condition, Conditions, Operator, ParquetFormat, WantedColumn } from './read/format.js';

const types: readonly ParquetColumnType[] = [
  'string',
  'number',
  'bigint',
  'boolean',
  'date',
  'bytes',
  'value',
];
const operators: readonly Operator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'notIn'];

const rules: Readonly<Record<string, Rule>> = {
  columns: [
    'an array of different names, or an object of types by name, such as { delay: "number", origin: "string" }',
    (value) => (Array.isArray(value) ? areNames(value) : isPlain(value) && Object.keys(value).length > 0),
  ],
  filter: [
    'an object of conditions by column, such as { delay: { gt: 10 } }, or an array of such objects',
    (value) => (Array.isArray(value) ? value.length > 0 && value.every(isPlain) : isPlain(value)),
  ],
  partitionedBy: someColumns,
  schema: aSchema,
  nulls: aBoolean,
  int64: ['"number" or "bigint"', (value) => value === 'number' || value === 'bigint'],
  decimal: ['"number" or "string"', (value) => value === 'number' || value === 'string'],
};

/** What the options of `parquet` say, as plain data. @throws OptionError */
export function formatOf(options: ParquetOptions & { readonly nulls?: boolean | undefined }): ParquetFormat {
  checkArguments('parquet', options, rules);
  const { columns, filter, int64 = 'number', decimal = 'number', nulls = false, partitionedBy } = options;
  return {
    columns: columns && columnsOf(columns),
    filter: filter === undefined ? [] : conditionsOf(filter),
    int64,
    decimal,
    nulls,
    ...(partitionedBy && { partitionedBy: partitionColumnsOf('partitionedBy', partitionedBy) }),
  };
}

function columnsOf(columns: NonNullable<ParquetOptions['columns']>): readonly WantedColumn[] {
  if (Array.isArray(columns)) return (columns as readonly string[]).map((name) => ({ name }));
  return Object.entries(columns as Readonly<Record<string, ParquetColumnType>>).map(([name, type]) => {
    const list = types.map((one) => JSON.stringify(one)).join(', ');
    checkArgument(`columns.${name}`, type, [
      `one of ${list}${suggestNear(type, types)}`,
      (given) => types.includes(given as ParquetColumnType),
    ]);
    return { name, type };
  });
}

function conditionsOf(filter: ParquetFilter): readonly Conditions[] {
  const either = (Array.isArray(filter) ? filter : [filter]) as readonly Readonly<Record<string, unknown>>[];
  const found = either.map((all) =>
    Object.entries(all).flatMap(([column, given]) => ofColumn(column, given)),
  );
  // What holds for every row is no filter.
  return found.some((conditions) => conditions.length === 0) ? [] : found;
}

function ofColumn(column: string, given: unknown): readonly Condition[] {
  if (!isPlain(given)) return [ofOperator(column, 'eq', given)];
  return Object.entries(given).flatMap(([operator, value]) => {
    if (value === undefined) return [];
    if (!operators.includes(operator as Operator)) {
      const hint = suggestName(operator.replace(/^\$/, ''), operators);
      throw new OptionError(`Unknown operator "${operator}" of filter.${column}: ${hint}`, 'filter');
    }
    return [ofOperator(column, operator as Operator, value)];
  });
}

function ofOperator(column: string, operator: Operator, value: unknown): Condition {
  const name = operator === 'eq' ? `filter.${column}` : `filter.${column}.${operator}`;
  const [takesMany, takesNull] = [
    operator === 'in' || operator === 'notIn',
    ['eq', 'ne', 'in'].includes(operator),
  ];
  const orNull = takesNull ? ', or null' : '';
  const isOne = (one: unknown): boolean => (one === null ? takesNull : isValue(one));
  const what = `a text, a number, a bigint, a boolean or a Date${orNull}`;
  checkArgument(name, value, takesMany ? [`an array, each item of which is ${what}`, (all) => Array.isArray(all) && all.every(isOne)] : [what, isOne]); // prettier-ignore
  return { column, operator, values: (takesMany ? value : [value]) as Condition['values'] };
}

function isValue(value: unknown): boolean {
  if (nodeTypes.isDate(value)) return !Number.isNaN(value.getTime());
  if (typeof value === 'number') return !Number.isNaN(value);
  return ['string', 'bigint', 'boolean'].includes(typeof value);
}

function areNames(value: readonly unknown[]): boolean {
  return (
    value.length > 0 &&
    value.every((name) => typeof name === 'string') &&
    new Set(value).size === value.length
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
