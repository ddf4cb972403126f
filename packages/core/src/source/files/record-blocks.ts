import { SourceError } from '../../errors.js';

/** Whole records, one after the other: the bytes end after a LF, or with the text. */
export interface RecordBlock {
  readonly bytes: Buffer;
  /** Offset of the first byte in the file, or in the decompressed text. */
  readonly at: number;
}

export interface BlockLimits {
  /** A block holds this many bytes at most, or one longer record (and what follows it in its buffer). */
  readonly blockBytes: number;
  /** A record that is as long as this is an error. */
  readonly recordBytes: number;
  /** Whether a block's memory may be used again once the next one is asked for. */
  readonly reuse: boolean;
}

export const LF = 10;

/** The memory of one block. Small ones of small files lie together, unless users keep them, and with them all the others. */
function newBuffer({ blockBytes, reuse }: BlockLimits): Buffer {
  return reuse ? Buffer.allocUnsafe(blockBytes) : Buffer.allocUnsafeSlow(blockBytes);
}

/**
 * Cuts bytes that come in pieces of any size into blocks of whole records. Blocks are a function of the bytes alone, not
 * of the pieces. Write into `space`, then `add`; at the end take the `rest`.
 */
export class RecordBlocks {
  /** Undefined where nothing is held: before the first byte, and where a block was just as long as the memory, as most files are. */
  #buffer: Buffer | undefined;
  #spare: Buffer | undefined;
  #filled = 0;
  #at: number;

  constructor(
    private readonly file: string,
    at: number,
    private readonly limits: BlockLimits,
  ) {
    this.#at = at;
  }

  /** Where the next bytes go; never empty. */
  get space(): Buffer {
    const buffer = (this.#buffer ??= this.#bufferFor(0));
    return this.#filled === 0 ? buffer : buffer.subarray(this.#filled);
  }

  /**
   * Takes note of `length` bytes that were written into `space`.
   *
   * @returns A block, once enough bytes are there.
   * @throws SourceError for a record that is too long.
   */
  add(length: number): RecordBlock | undefined {
    const [full, at] = [this.#buffer!, this.#at];
    this.#filled += length;
    if (this.#filled < full.length) return undefined;
    const cut = full.lastIndexOf(LF) + 1;
    const kept = full.length - cut;
    this.#buffer = kept > 0 ? this.#bufferFor(kept) : undefined;
    if (this.limits.reuse && full.length === this.limits.blockBytes) this.#spare = full;
    this.#filled = kept;
    this.#at = at + cut;
    if (kept === 0) return { bytes: full, at };
    full.copy(this.#buffer!, 0, cut);
    return cut === 0 ? undefined : { bytes: full.subarray(0, cut), at };
  }

  /** What is left at the end of the text: whole records, the last of which may lack its LF. */
  rest(): RecordBlock | undefined {
    if (this.#filled === 0) return undefined;
    return { bytes: this.#buffer!.subarray(0, this.#filled), at: this.#at };
  }

  #bufferFor(kept: number): Buffer {
    const { blockBytes, recordBytes } = this.limits;
    if (kept >= recordBytes) {
      const message = `a line of ${this.file}, the one that starts at byte ${this.#at}, is longer than ${recordBytes} bytes`;
      const remedy = 'which is more than one value holds: do the lines of the file end with LF?';
      throw new SourceError(`${message}, ${remedy}`, { file: this.file, byte: this.#at });
    }
    // Doubling keeps the copying of one huge record linear in its size.
    if (kept >= blockBytes) return Buffer.allocUnsafeSlow(Math.min(recordBytes, kept * 2));
    const spare = this.#spare;
    this.#spare = undefined;
    return spare ?? newBuffer(this.limits);
  }
}
