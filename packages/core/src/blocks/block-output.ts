import { crc32, loadCrc32 } from './crc32.js';
import type { MapOutput, Segment } from './segment.js';
import type { SpillPlace } from './spill-place.js';
import { SpillFile } from './spill-file.js';

/** Bytes before the payload of a block: its length and its checksum, both unsigned, 32 bits, little-endian. */
export const HEADER_BYTES = 8;

/** Blocks are cut when their entries are estimated at this many bytes on the heap; encoded they are about half. */
export const BLOCK_BYTES = 192 * 1024;

interface OpenSegment {
  readonly bucket: number;
  readonly offset: number;
  entries: number;
  length: number;
}

/**
 * Where segments are written: in memory while all of it fits `io.inline`, else in one file from start to end.
 * Offsets are the same in both, so what began in memory can move to the file.
 */
export class BlockOutput {
  readonly #io: SpillPlace;
  readonly #segments: OpenSegment[] = [];
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #entries = 0;
  #file: SpillFile | undefined;

  constructor(io: SpillPlace) {
    this.#io = io;
    loadCrc32();
  }

  /** Begins a segment; blocks belong to the one begun last. One that gets no block is dropped. */
  begin(bucket: number): void {
    if (this.#segments.at(-1)?.length === 0) this.#segments.pop();
    this.#segments.push({ bucket, offset: this.#bytes, entries: 0, length: 0 });
  }

  /** Appends a block and returns its length in bytes. */
  block(payload: Uint8Array, entries: number): number {
    const segment = this.#segments.at(-1);
    if (segment === undefined) throw new Error('a block needs a segment');
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(crc32(payload), 4);
    const length = HEADER_BYTES + payload.length;
    if (this.#file === undefined && this.#bytes + length > this.#io.inline) this.toFile();
    this.#append(header);
    this.#append(payload);
    segment.entries += entries;
    segment.length += length;
    this.#bytes += length;
    this.#entries += entries;
    return length;
  }

  /** Moves what is in memory to the file; what follows goes there at once. */
  toFile(): void {
    if (this.#file !== undefined) return;
    this.#file = new SpillFile(this.#io);
    for (const piece of this.#pieces) this.#file.append(piece);
    this.#pieces = [];
  }

  /** Closes the file. */
  finish(): MapOutput {
    if (this.#segments.at(-1)?.length === 0) this.#segments.pop();
    const file = this.#file;
    file?.close();
    const data = file === undefined ? Buffer.concat(this.#pieces, this.#bytes) : undefined;
    this.#pieces = [];
    const segments = this.#segments.map(({ bucket, offset, entries, length }): Segment => {
      const segment = { bucket, entries, length };
      if (file !== undefined) return { ...segment, file: file.path, offset };
      return { ...segment, data: data?.subarray(offset, offset + length) ?? new Uint8Array() };
    });
    return { segments, entries: this.#entries, bytes: this.#bytes, spilledBytes: file?.length ?? 0 };
  }

  /** Drops everything and removes the file. May be called at any time, and again. */
  remove(): void {
    this.#pieces = [];
    this.#file?.remove();
  }

  #append(bytes: Uint8Array): void {
    if (this.#file !== undefined) this.#file.append(bytes);
    else this.#pieces.push(bytes);
  }
}
