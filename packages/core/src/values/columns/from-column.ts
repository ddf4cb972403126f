import {
  constants,
  OTHER,
  type Column,
  type ListColumn,
  type MixedColumn,
  type ShapesColumn,
  type TupleColumn,
} from './column.js';
import { fromNumberColumn } from './number-column.js';
import { fromParts } from './record-column.js';
import { fromTextColumn } from './text-column.js';

/** The values of a column again. */
export function fromColumn(column: Column): unknown[] {
  switch (column.kind) {
    case 'numbers':
      return fromNumberColumn(column);
    case 'texts':
      return fromTextColumn(column);
    case 'constants':
      return Array.from(column.codes, (code) => constants[code]);
    case 'mixed':
      return fromMixed(column);
    case 'primitives':
      return column.values as unknown[];
    case 'dates':
      return Array.from(column.times, (time) => new Date(time));
    case 'records':
      return fromParts(column.count, { names: column.names, values: column.columns.map(fromColumn) });
    case 'shapes':
      return fromShapes(column);
    case 'tuples':
      return fromTuples(column);
    case 'lists':
      return fromLists(column);
  }
}

function fromMixed({ codes, others }: MixedColumn): unknown[] {
  const rest = fromColumn(others);
  const values = new Array<unknown>(codes.length);
  let next = 0;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i]!;
    values[i] = code === OTHER ? rest[next++] : constants[code];
  }
  return values;
}

function fromShapes({ codes, columns }: ShapesColumn): unknown[] {
  const records = columns.map(fromColumn);
  const next = columns.map(() => 0);
  return Array.from(codes, (code) => {
    const place = next[code]!;
    next[code] = place + 1;
    return records[code]![place];
  });
}

function fromTuples({ count, columns }: TupleColumn): unknown[][] {
  const parts = columns.map(fromColumn);
  const tuples = new Array<unknown[]>(count);
  const [firsts, seconds] = parts;
  if (firsts !== undefined && seconds !== undefined && parts.length === 2) {
    for (let i = 0; i < count; i += 1) tuples[i] = [firsts[i], seconds[i]];
  } else {
    for (let i = 0; i < count; i += 1) tuples[i] = parts.map((part) => part[i]);
  }
  return tuples;
}

function fromLists({ lengths, items }: ListColumn): unknown[][] {
  const flat = fromColumn(items);
  const lists = new Array<unknown[]>(lengths.length);
  let at = 0;
  for (let i = 0; i < lengths.length; i += 1) {
    const end = at + lengths[i]!;
    lists[i] = flat.slice(at, end);
    at = end;
  }
  return lists;
}
