import type { PlainRecord } from './record-column.js';

const MAX_SHAPES = 16;

/** Records by their names; the codes say of which list each is the next. */
export interface Shapes {
  readonly codes: Uint8Array;
  readonly records: readonly (readonly PlainRecord[])[];
}

/** Undefined where there are too many shapes for columns, or only one: what keeps its records apart is not their names. */
export function byShape(records: readonly PlainRecord[]): Shapes | undefined {
  const shapes = new Map<string, { readonly code: number; readonly records: PlainRecord[] }>();
  const codes = new Uint8Array(records.length);
  const most = Math.min(MAX_SHAPES, 1 + Math.ceil(records.length / 16));
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i]!;
    const names = Object.keys(record).join();
    let shape = shapes.get(names);
    if (shape === undefined) {
      if (shapes.size === most) return undefined;
      shape = { code: shapes.size, records: [] };
      shapes.set(names, shape);
    }
    shape.records.push(record);
    codes[i] = shape.code;
  }
  return shapes.size === 1
    ? undefined
    : { codes, records: [...shapes.values()].map((shape) => shape.records) };
}
