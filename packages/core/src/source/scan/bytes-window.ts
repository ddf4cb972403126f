const LF = 10;
/** Words are read four bytes at a time, and may reach behind the last byte. */
const MARGIN = 8;

/**
 * Whole lines in memory of their own, which end in a LF and may be read some bytes beyond it: so neither a field nor a word of
 * one needs to be checked for the end of the block.
 */
export class BytesWindow {
  bytes: Buffer = Buffer.alloc(MARGIN);
  /** The same memory. */
  view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  /** Where the next field begins. */
  at = 0;
  /** How many bytes it holds. */
  end = 0;
  /** Whether the LF at its end was there before, and no CR before it is a part of the last field. */
  isEnded = true;
  #text: string | undefined;

  /** Takes other bytes, and adds a LF where they do not end in one. */
  fill(bytes: Uint8Array): void {
    const { length } = bytes;
    this.isEnded = length === 0 || bytes[length - 1] === LF;
    this.end = this.isEnded ? length : length + 1;
    if (this.end + MARGIN > this.bytes.length) {
      const memory = new ArrayBuffer(Math.max(2 * this.bytes.length, this.end + MARGIN));
      this.bytes = Buffer.from(memory);
      this.view = new DataView(memory);
    }
    this.bytes.set(bytes);
    if (!this.isEnded) this.bytes[length] = LF;
    this.#text = undefined;
  }

  /** A text of ASCII: a slice of one long text is several times cheaper than a text of its own. */
  ascii(from: number, to: number): string {
    const text = (this.#text ??= this.bytes.toString('latin1', 0, this.end));
    return text.slice(from, to);
  }

  isAscii(from: number, to: number): boolean {
    const { view } = this;
    let all = 0;
    let i = from;
    for (; i + 4 <= to; i += 4) all |= view.getInt32(i, true);
    for (; i < to; i += 1) all |= view.getUint8(i);
    return (all & 0x80808080) === 0;
  }
}
