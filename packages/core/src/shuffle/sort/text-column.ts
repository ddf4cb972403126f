/** Some texts as they cross: their code units one behind the other, `Uint16Array` where one is above U+00FF. */
export interface TextBlock {
  readonly units: Uint8Array | Uint16Array;
  /** How many units each text has. */
  readonly lengths: Uint8Array | Uint16Array | Uint32Array;
}

/** Texts that are stored. */
export interface Texts {
  /** The units of all texts, one behind the other. */
  readonly units: Uint8Array | Uint16Array;
  /** For each text, where it ends in `units`. */
  readonly ends: Uint32Array;
}

const FEWEST = 256;
/** Longer texts are copied by a call of the platform; shorter ones four bytes at a time, which is then quicker. */
const LONG = 256;
/** Copying by four bytes may touch so many behind a text. */
const SLACK = 3;
// The search is instant in a string that V8 keeps with one byte a unit.
const wide = /[^\0-\xff]/;

/**
 * Texts without an object each: 5 million strings are work for the garbage collector, their units in one array are none.
 * A text has a byte a unit as long as no unit of any text is above U+00FF, two from then on.
 */
export class TextColumn implements Texts {
  /** Number of texts. */
  count = 0;
  units: Uint8Array | Uint16Array;
  ends = new Uint32Array(FEWEST);
  #bytes: Buffer;
  #view: DataView;
  #length = 0;
  /** Bytes a unit. */
  #width: 1 | 2 = 1;

  constructor() {
    this.#bytes = Buffer.allocUnsafeSlow(FEWEST);
    this.#view = new DataView(this.#bytes.buffer);
    this.units = new Uint8Array(this.#bytes.buffer);
  }

  /** Bytes of all units. */
  get size(): number {
    return this.#length * this.#width;
  }

  /** Bytes of the units of a text. */
  sizeOf(row: number): number {
    return (this.ends[row]! - this.startOf(row)) * this.#width;
  }

  /** Where a text begins in `units`. */
  startOf(row: number): number {
    return row === 0 ? 0 : this.ends[row - 1]!;
  }

  textAt(row: number): string {
    return this.#text(this.#bytes, this.startOf(row), this.ends[row]!);
  }

  /** Appends texts that are not longer together than one may be. */
  addTexts(texts: readonly string[]): void {
    const joined = texts.length === 1 ? texts[0]! : texts.join('');
    if (this.#width === 1 && wide.test(joined)) this.#widen();
    this.#reserve(joined.length, texts.length);
    this.#bytes.write(joined, this.size, this.#width === 1 ? 'latin1' : 'utf16le');
    for (const text of texts) this.ends[this.count++] = this.#length += text.length;
  }

  /** Appends a text that is given as its units. */
  addUnits(units: Uint8Array, length: number): void {
    this.#reserve(length, 1);
    this.units.set(units.subarray(0, length), this.#length);
    this.ends[this.count++] = this.#length += length;
  }

  /** Appends texts of another column: from row `from` up to before `to`. */
  append({ units, ends }: Texts, from: number, to: number): void {
    if (from === to) return;
    if (this.#width < units.BYTES_PER_ELEMENT) this.#widen();
    const start = from === 0 ? 0 : ends[from - 1]!;
    const length = ends[to - 1]! - start;
    this.#reserve(length, to - from);
    this.units.set(units.subarray(start, start + length), this.#length);
    const moved = this.#length - start;
    for (let row = from; row < to; row++) this.ends[this.count++] = ends[row]! + moved;
    this.#length += length;
  }

  /** The texts of the rows `order[from]` up to before `order[to]`, as they cross. */
  block(order: Uint32Array, from: number, to: number): TextBlock {
    const lengths = new Uint32Array(to - from);
    let longest = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      const length = this.ends[row]! - this.startOf(row);
      if (length > longest) longest = length;
      lengths[i - from] = length;
    }
    const bytes = this.#gather(order, from, to);
    const { buffer, byteOffset, length } = bytes;
    return {
      units: this.#width === 1 ? bytes : new Uint16Array(buffer, byteOffset, length >>> 1),
      lengths:
        longest < 2 ** 8 ? new Uint8Array(lengths) : longest < 2 ** 16 ? new Uint16Array(lengths) : lengths,
    };
  }

  /** The same as strings; they are views of one that holds all of them. */
  texts(order: Uint32Array, from: number, to: number): string[] {
    const { buffer, byteOffset, length } = this.#gather(order, from, to);
    const joined = this.#text(Buffer.from(buffer, byteOffset, length), 0, length / this.#width);
    const texts = new Array<string>(to - from);
    let start = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      const end = start + this.ends[row]! - this.startOf(row);
      texts[i - from] = joined.slice(start, end);
      start = end;
    }
    return texts;
  }

  /** Forgets all texts, but keeps the room. */
  clear(): void {
    this.count = 0;
    this.#length = 0;
    this.#width = 1;
    this.units = new Uint8Array(this.#bytes.buffer);
  }

  #gather(order: Uint32Array, from: number, to: number): Uint8Array<ArrayBuffer> {
    const ends = this.ends;
    const width = this.#width;
    let size = 0;
    for (let i = from; i < to; i++) size += this.sizeOf(order[i]!);
    // The slow kind is memory of its own, which nothing has filled with zeros before.
    const { buffer } = Buffer.allocUnsafeSlow(size + SLACK);
    const target = new Uint8Array(buffer, 0, size);
    const source = this.#view;
    const written = new DataView(buffer);
    let at = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      let start = (row === 0 ? 0 : ends[row - 1]!) * width;
      const end = ends[row]! * width;
      if (end - start > LONG) {
        target.set(this.#bytes.subarray(start, end), at);
        at += end - start;
        continue;
      }
      const next = at + end - start;
      for (; start < end; start += 4, at += 4) written.setUint32(at, source.getUint32(start, true), true);
      at = next;
    }
    return target;
  }

  #text(bytes: Buffer, start: number, end: number): string {
    if (this.#width === 1) return bytes.toString('latin1', start, end);
    return bytes.toString('utf16le', 2 * start, 2 * end);
  }

  #widen(): void {
    const narrow = this.units.subarray(0, this.#length);
    this.#width = 2;
    this.#allocate(this.#length);
    this.units.set(narrow);
  }

  #reserve(units: number, texts: number): void {
    if (this.count + texts > this.ends.length) {
      const ends = new Uint32Array(Math.max(this.count + texts, 2 * this.ends.length));
      ends.set(this.ends.subarray(0, this.count));
      this.ends = ends;
    }
    const needed = this.#length + units;
    if (needed * this.#width + SLACK <= this.#bytes.length) return;
    const old = this.units.subarray(0, this.#length);
    this.#allocate(needed);
    this.units.set(old);
  }

  /** Twice as much as is needed, since more will come; but no more than 64 MiB too much. */
  #allocate(needed: number): void {
    const units = needed + Math.min(Math.max(FEWEST, needed), 2 ** 26);
    const bytes = units * this.#width + SLACK;
    // An even number, so that all of it can be seen as units of two bytes.
    this.#bytes = Buffer.allocUnsafeSlow(bytes + (bytes % 2));
    const { buffer } = this.#bytes;
    this.#view = new DataView(buffer);
    this.units = this.#width === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
  }
}

/** The texts of a block, as a column stores them. */
export function textsOfBlock({ units, lengths }: TextBlock): Texts {
  const ends = new Uint32Array(lengths.length);
  let end = 0;
  for (let row = 0; row < ends.length; row++) ends[row] = end += lengths[row]!;
  return { units, ends };
}
