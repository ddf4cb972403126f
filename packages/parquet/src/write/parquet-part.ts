import type { PartEncoder, PartFormat } from '@forkfold/core/engine';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ParquetCodec, ParquetType } from '../write-options.js';
import { checkNames, checkOf, type Check } from './checked-value.js';
import { compressors, nameOfCodec } from './codecs.js';
import { schemaOf } from './schema-elements.js';
import { asType, isKnown, typeOf, united, type Known } from './type-of.js';

/** How Parquet is written: plain data, all that a child must know. */
export interface ParquetLayout {
  /** The columns and their types; those of the first row group of a part where they are not given. */
  readonly columns: Readonly<Record<string, ParquetType>> | undefined;
  readonly rowGroupSize: number;
  readonly codec: ParquetCodec;
}

/** Bytes of text that a row group may hold before it is written. */
const HELD = 64 * 2 ** 20;
const NOTHING = new Uint8Array();

/** Writes records as rows of Parquet; found by its name in a child. */
export function parquetPart(layout: ParquetLayout): PartFormat {
  return { open: () => new PartWriter(layout) };
}

/** A column of the row group under way. */
interface Column {
  readonly name: string;
  /** What is known of its type, until the first row groups are written; then what checks its values. */
  known: Known;
  check: Check | undefined;
  values: unknown[];
}

class PartWriter implements PartEncoder {
  readonly #layout: ParquetLayout;
  readonly #bytes = new ByteWriter();
  #columns: readonly Column[] | undefined;
  #names: ReadonlySet<string> = new Set();
  #writer: ParquetWriter | undefined;
  #rows = 0;
  #held = 0;

  constructor(layout: ParquetLayout) {
    this.#layout = layout;
    if (layout.columns === undefined) return;
    const columns = Object.entries(layout.columns);
    this.#begin(
      columns.map(([name, type]) => ({ name, known: undefined, check: checkOf(type), values: [] })),
    );
  }

  encode(record: unknown): Uint8Array {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      const what = Array.isArray(record) ? 'an array' : String(record);
      throw new TypeError(`writeParquet takes objects, whose keys are the columns, not ${what}`);
    }
    const columns =
      this.#columns ??
      namesOf(record).map((name): Column => ({ name, known: undefined, check: undefined, values: [] }));
    if (this.#columns !== undefined) checkNames(record, this.#names, 'record');
    // A record that has a fault leaves no trace: all of it is looked at first.
    const row = record as Readonly<Record<string, unknown>>;
    const values = columns.map(({ name, check }) => {
      const value = Object.hasOwn(row, name) ? row[name] : null;
      return check ? check(value, `record.${name}`) : (value ?? null);
    });
    const known = columns.map(({ name, check, known }, i) =>
      check ? undefined : united(known, typeOf(values[i], `record.${name}`), `record.${name}`),
    );
    if (this.#columns === undefined) this.#begin(columns);
    for (const [i, column] of columns.entries()) {
      column.known = known[i];
      column.values.push(values[i]);
      this.#held += sizeOf(values[i]);
    }
    this.#rows += 1;
    return this.#isFull ? this.#flush() : NOTHING;
  }

  end(): Uint8Array {
    const last = this.#rows > 0 ? this.#flush() : NOTHING;
    void this.#writer!.finish();
    return Buffer.concat([last, this.#written()]);
  }

  get #isFull(): boolean {
    if (this.#held >= HELD) return true;
    if (this.#rows < this.#layout.rowGroupSize) return false;
    // A later record may tell the type of a column that was null so far.
    return this.#columns!.every(({ check, known }) => check !== undefined || isKnown(known));
  }

  #begin(columns: readonly Column[]): void {
    this.#columns = columns;
    this.#names = new Set(columns.map(({ name }) => name));
  }

  /** Writes the rows that are held as a row group. */
  #flush(): Uint8Array {
    const { columns: given, codec, rowGroupSize } = this.#layout;
    const columns = this.#columns!;
    if (this.#writer === undefined) {
      const types =
        given ??
        Object.fromEntries(columns.map(({ name, known }) => [name, asType(known, `record.${name}`)]));
      for (const column of columns) {
        if (column.check !== undefined) continue;
        column.check = checkOf(types[column.name]!);
        column.values = column.values.map((value) => column.check!(value, `record.${column.name}`));
      }
      const options = {
        schema: schemaOf(types),
        codec: nameOfCodec(codec),
        compressors,
        createdBy: 'forkfold',
      };
      this.#writer = new ParquetWriter({ writer: this.#bytes, ...options });
    }
    void this.#writer.write({
      columnData: columns.map(({ name, values }) => ({ name, data: values })),
      rowGroupSize,
    });
    for (const column of columns) column.values = [];
    this.#rows = 0;
    this.#held = 0;
    return this.#written();
  }

  /** What was written since it was asked for last. */
  #written(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return bytes;
  }
}

function namesOf(record: object): readonly string[] {
  const names = Object.keys(record);
  if (names.length === 0) throw new TypeError('a record without keys has no columns: give columns');
  return names;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.length : 8;
}
