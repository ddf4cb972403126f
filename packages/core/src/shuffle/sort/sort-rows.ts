import { SizeSampler } from '../../blocks/size-estimate.js';
import { detachText } from '../keys/detach-text.js';
import { KeyColumn, type Keys } from './key-column.js';
import { sortedOrder } from './sorted-order.js';
import type { SortBlock } from './spec.js';
import { TextColumn, type Texts } from './text-column.js';

/** Strings wait until there are so many, or so many units of them: adding many at once is cheaper. Meanwhile each may keep
 * alive a large one that it is a part of. */
const PENDING = 128;
const PENDING_UNITS = 16 * 1024;
/** What a row takes besides its key and its record: to find them, and to sort it. */
export const ROW_BYTES = 40;

/** Rows that are stored. */
export interface StoredRows {
  readonly keys: Keys;
  /** All texts, or values of any kind; null when each record is its own key, which is a text then. */
  readonly records: Texts | readonly unknown[] | null;
}

/** Whether records are stored as texts. */
export function isTexts(records: StoredRows['records']): records is Texts {
  return records !== null && !Array.isArray(records);
}

/** Keys and records in memory. Strings among them have no object each: their units are in one array. */
export class SortRows {
  readonly keys = new KeyColumn();
  count = 0;
  /** Bytes that the rows take and that sorting them takes: an estimate that depends on the rows alone. */
  bytes = 0;
  #records: TextColumn | unknown[] | null = null;
  #pendingKeys: string[] = [];
  #pendingRecords: string[] = [];
  #pendingUnits = 0;
  #valueBytes = 0;
  readonly #sampler = new SizeSampler();

  constructor() {
    // V8 takes a field that is set once for a constant, and drops what it has compiled with it when it is set again.
    this.clear();
  }

  /** @throws BadKey for a key that has no order, naming its path. */
  add(key: unknown, record: unknown): void {
    const isText = typeof key === 'string' && this.keys.areTexts;
    if (this.#records === null && !(isText && key === record)) this.#part(typeof record === 'string');
    if (isText) this.#wait(this.#pendingKeys, key);
    else this.#addAnyKey(key);
    this.count += 1;
    this.bytes += ROW_BYTES;
    if (this.#records === null) return;
    if (typeof record !== 'string') this.#addValue(record);
    else if (Array.isArray(this.#records)) this.#addValue(detachText(record));
    else this.#wait(this.#pendingRecords, record);
  }

  /** Appends stored rows: from row `from` up to before `to`. They do not count in `bytes`. */
  append({ keys, records }: StoredRows, from: number, to: number): void {
    if (from === to) return;
    if (this.count === 0) this.#records = records && (isTexts(records) ? new TextColumn() : []);
    else if (this.#records === null && records !== null) this.#part(isTexts(records));
    this.keys.append(keys, from, to);
    this.count += to - from;
    if (this.#records === null) return;
    const given = records ?? keys.texts;
    if (isTexts(given)) {
      this.#appendTexts(this.#records, given, from, to);
      return;
    }
    const values = this.#toValues();
    for (let row = from; row < to; row++) values.push(given[row]);
  }

  /** The numbers of the rows in the order of their keys; rows with equal keys in the order in which they were added. */
  order(descending: boolean): Uint32Array {
    this.settle();
    return sortedOrder(this.keys.texts, descending);
  }

  /** The rows `order[from]` up to before `order[to]`, as they cross. */
  block(order: Uint32Array, from: number, to: number): SortBlock {
    const { texts, areTexts } = this.keys;
    const records = this.#records;
    return {
      keys: texts.block(order, from, to),
      areTexts,
      records:
        records instanceof TextColumn
          ? records.block(order, from, to)
          : records && this.records(order, from, to),
    };
  }

  /** Their records. */
  records(order: Uint32Array, from: number, to: number): unknown[] {
    const records = this.#records ?? this.keys.texts;
    if (records instanceof TextColumn) return records.texts(order, from, to);
    const some = new Array<unknown>(to - from);
    for (let i = from; i < to; i++) some[i - from] = records[order[i]!];
    return some;
  }

  /** About how many bytes a row takes in a block. */
  sizeOf(row: number): number {
    const bytes = 2 + this.keys.texts.sizeOf(row);
    const records = this.#records;
    if (records === null) return bytes;
    return bytes + (records instanceof TextColumn ? 2 + records.sizeOf(row) : this.#sampler.of(records[row]));
  }

  /** How many bytes the record of a row has in a block, if it is stored as a text. */
  textSizeOf(row: number): number {
    const records = this.#records ?? this.keys.texts;
    return records instanceof TextColumn ? records.sizeOf(row) : 0;
  }

  /** Adds the strings that wait. */
  settle(): void {
    const records = this.#records;
    if (this.#pendingKeys.length > 0) {
      this.keys.texts.addTexts(this.#pendingKeys);
      this.#pendingKeys = [];
    }
    if (records instanceof TextColumn && this.#pendingRecords.length > 0) {
      records.addTexts(this.#pendingRecords);
      this.#pendingRecords = [];
    }
    this.#pendingUnits = 0;
    const units = this.keys.texts.size + (records instanceof TextColumn ? records.size : 0);
    // The room for units doubles as it grows.
    this.bytes = this.count * ROW_BYTES + 2 * units + this.#valueBytes;
  }

  clear(): void {
    this.#pendingKeys = [];
    this.#pendingRecords = [];
    this.#pendingUnits = 0;
    this.#valueBytes = 0;
    this.#records = null;
    this.keys.clear();
    this.bytes = 0;
    this.count = 0;
  }

  #addAnyKey(key: unknown): void {
    if (this.#pendingKeys.length > 0) this.settle();
    const { texts } = this.keys;
    const before = texts.size;
    this.keys.add(key);
    this.bytes += 2 * (texts.size - before);
  }

  #wait(pending: string[], text: string): void {
    // A long one goes alone, since a string of all of them might be longer than one may be.
    if (text.length >= PENDING_UNITS) this.settle();
    this.bytes += 2 * text.length;
    this.#pendingUnits += text.length;
    if (pending.push(text) >= PENDING || this.#pendingUnits >= PENDING_UNITS) this.settle();
  }

  #addValue(value: unknown): void {
    this.#toValues().push(value);
    const bytes = this.#sampler.of(value);
    this.#valueBytes += bytes;
    this.bytes += bytes;
  }

  #appendTexts(records: TextColumn | unknown[], texts: Texts, from: number, to: number): void {
    if (records instanceof TextColumn) {
      records.append(texts, from, to);
      return;
    }
    const column = new TextColumn();
    column.append(texts, from, to);
    for (let row = 0; row < column.count; row++) records.push(column.textAt(row));
  }

  /** From now on records are stored apart from keys. */
  #part(areTexts: boolean): void {
    this.settle();
    const column = new TextColumn();
    column.append(this.keys.texts, 0, this.count);
    this.#records = column;
    if (!areTexts) this.#toValues();
  }

  /** From now on records are stored as values. */
  #toValues(): unknown[] {
    if (Array.isArray(this.#records)) return this.#records;
    this.settle();
    const texts = this.#records;
    const values: unknown[] = [];
    this.#records = values;
    for (let row = 0; row < (texts?.count ?? 0); row++) this.#addValue(texts!.textAt(row));
    return values;
  }
}
