import { KeyBytes, keyOfBytes } from '../keys/key-bytes.js';
import { TextColumn, type Texts } from './text-column.js';

/** Keys that are stored: texts, or the `KeyBytes` of keys of any kind. */
export interface Keys {
  readonly texts: Texts;
  /** Whether the texts are the keys. */
  readonly areTexts: boolean;
}

/** Keys as texts whose order is theirs: those that are all strings as they are, else each as its `KeyBytes`. */
export class KeyColumn implements Keys {
  readonly texts = new TextColumn();
  /** Whether the texts are the keys. */
  areTexts = true;
  readonly #bytes = new KeyBytes();

  /**
   * Appends a key of any kind; from now on all are bytes.
   *
   * @throws BadKey for a key that has no order, naming its path.
   */
  add(key: unknown): void {
    const bytes = this.#bytes;
    bytes.write(key);
    if (this.areTexts) this.#toBytes();
    this.texts.addUnits(bytes.bytes, bytes.length);
  }

  keyAt(row: number): unknown {
    const { texts } = this;
    if (this.areTexts) return texts.textAt(row);
    return keyOfBytes((texts.units as Uint8Array).subarray(texts.startOf(row), texts.ends[row]));
  }

  /** Appends keys of another column: from row `from` up to before `to`. */
  append({ texts, areTexts }: Keys, from: number, to: number): void {
    if (areTexts && !this.areTexts && this.texts.count > 0) {
      const column = new TextColumn();
      column.append(texts, from, to);
      for (let row = 0; row < column.count; row++) this.add(column.textAt(row));
      return;
    }
    if (this.texts.count === 0) this.areTexts = areTexts;
    else if (!areTexts && this.areTexts) this.#toBytes();
    this.texts.append(texts, from, to);
  }

  clear(): void {
    this.texts.clear();
    this.areTexts = true;
  }

  #toBytes(): void {
    const { texts } = this;
    const keys = Array.from({ length: texts.count }, (_, row) => texts.textAt(row));
    texts.clear();
    this.areTexts = false;
    const bytes = new KeyBytes();
    for (const key of keys) {
      bytes.write(key);
      texts.addUnits(bytes.bytes, bytes.length);
    }
  }
}

/** The key of a row. */
export function storedKey(keys: Keys, row: number): unknown {
  const column = new KeyColumn();
  column.append(keys, row, row + 1);
  return column.keyAt(0);
}
