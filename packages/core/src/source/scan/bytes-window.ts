const LF = 10;
/** Words are read four bytes at a time, and may reach behind the last byte. */
const MARGIN = 8;

/** Memory that several windows use, one after the other. */
export interface SharedMemory {
  readonly window: Buffer;
  /** The window that has its lines there. */
  holder: BytesWindow | undefined;
}

/**
 * Whole lines in memory of their own, or in one that is shared, which end in a LF and may be read some bytes beyond it: so neither a field nor a word of
 * one needs to be checked for the end of the block.
 */
export class BytesWindow {
  bytes: Buffer;
  /** The same memory. */
  view: DataView;
  /** Where the next field begins. */
  at = 0;
  /** How many bytes it holds. */
  end = 0;
  /** Whether the LF at its end was there before, and no CR before it is a part of the last field. */
  isEnded = true;
  #text: string | undefined;
  #filling = 0;
  readonly #shared: SharedMemory | undefined;

  /** @param shared It is taken where the lines fit into it. */
  constructor(shared?: SharedMemory) {
    this.#shared = shared;
    this.bytes = shared?.window ?? Buffer.alloc(MARGIN);
    this.view = viewOf(this.bytes);
  }

  /** Whether the lines are in the shared memory. */
  get isShared(): boolean {
    return this.bytes === this.#shared?.window;
  }

  /** Whether the lines of a filling are there still: others may have been put in their place, by another window too. */
  holds(filling: number): boolean {
    return filling === this.#filling && (!this.isShared || this.#shared!.holder === this);
  }

  /** Takes other bytes, and adds a LF where they do not end in one. Gives the number of this filling. */
  fill(bytes: Uint8Array): number {
    const { length } = bytes;
    this.isEnded = length === 0 || bytes[length - 1] === LF;
    this.end = this.isEnded ? length : length + 1;
    this.#choose(this.end + MARGIN);
    this.bytes.set(bytes);
    if (!this.isEnded) this.bytes[length] = LF;
    this.#text = undefined;
    return (this.#filling += 1);
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

  #choose(length: number): void {
    const shared = this.#shared;
    if (shared !== undefined && length <= shared.window.length) {
      shared.holder = this;
      if (this.bytes === shared.window) return;
      this.bytes = shared.window;
    } else if (this.isShared || length > this.bytes.length) {
      this.bytes = Buffer.from(new ArrayBuffer(Math.max(2 * this.bytes.length, length)));
    } else return;
    this.view = viewOf(this.bytes);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
