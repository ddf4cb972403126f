import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from '../blocks/crc32.js';
import { syncsItself } from '../disk/durable.js';
import { roomElsewhere, writeError } from '../disk/write-error.js';
import { clearTimeout, setTimeout } from '../timers.js';

const { O_APPEND, O_CREAT, O_RDWR, O_DSYNC } = constants as Partial<typeof constants>;
const APPEND = syncsItself ? (O_APPEND ?? 0) | (O_CREAT ?? 0) | (O_RDWR ?? 0) | (O_DSYNC ?? 0) : 'a+';

/** Where the payload of an entry stands in its file. */
export interface EntryPlace {
  readonly offset: number;
  readonly length: number;
}

/** Milliseconds after which what was written is on the disk for good: a power cut costs that much work. */
const SYNC = 1000;
/** Bytes before a payload: its length and its checksum, both unsigned, 32 bits, little-endian. */
const HEADER_BYTES = 8;

/**
 * A file of a checkpoint that is only appended to: entries of `length, CRC-32, payload`. Opening it finds all that are
 * whole, up to the first that is torn or damaged; that one and what follows it is cut off.
 */
export class CheckedLog {
  readonly #path: string;
  readonly #file: number;
  #end = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Why what was written may not be on the disk. */
  #failure: { readonly cause: unknown } | undefined;

  /** Opens a log, or begins one. `take` is given every entry; one that it refuses counts as damaged. */
  constructor(path: string, take: (payload: Buffer, place: EntryPlace) => boolean) {
    this.#path = path;
    this.#file = openSync(path, APPEND, 0o600);
    const { size } = fstatSync(this.#file);
    for (let entry = this.#next(size); entry !== undefined; entry = this.#next(size)) {
      if (!take(entry.payload, entry)) break;
      this.#end = entry.offset + entry.length;
    }
    ftruncateSync(this.#file, this.#end);
  }

  /** The payload of an entry that was found. */
  read({ offset, length }: EntryPlace): Buffer {
    return this.#read(offset, length)!;
  }

  /**
   * Appends an entry as a whole or not at all, since what follows a torn one would be lost.
   *
   * @throws SourceError when the disk is full or fails, also for what was appended before.
   */
  append(payload: Uint8Array): void {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(crc32(payload), 4);
    const bytes = Buffer.concat([header, payload]);
    let written = 0;
    try {
      if (this.#failure) throw this.#failure.cause;
      while (written < bytes.length) {
        written += writeSync(this.#file, bytes, written, bytes.length - written);
      }
    } catch (cause) {
      ftruncateSync(this.#file, this.#end);
      const [directory, file, done] = [dirname(this.#path), this.#path, this.#end + written];
      const remedy = roomElsewhere(true);
      throw writeError(cause, { directory, file, done, what: 'its journal', remedy });
    }
    this.#end += written;
    this.#timer ??= setTimeout(() => this.#sync(), SYNC).unref();
  }

  close(): void {
    this.#sync();
    closeSync(this.#file);
  }

  /** The entry after those that were found, if it is whole. */
  #next(size: number): (EntryPlace & { readonly payload: Buffer }) | undefined {
    const header = this.#read(this.#end, HEADER_BYTES);
    if (header === undefined) return undefined;
    const [offset, length] = [this.#end + HEADER_BYTES, header.readUInt32LE(0)];
    // After a power cut there may be zeros at the end: no length, and the checksum of nothing.
    if (length === 0 || offset + length > size) return undefined;
    const payload = this.#read(offset, length);
    if (payload === undefined || crc32(payload) !== header.readUInt32LE(4)) return undefined;
    return { offset, length, payload };
  }

  #read(offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.allocUnsafe(length);
    return readSync(this.#file, bytes, 0, length, offset) === length ? bytes : undefined;
  }

  #sync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      if (!syncsItself) fdatasyncSync(this.#file);
    } catch (cause) {
      // Nobody would catch it in a timer, so the next `append` throws it.
      this.#failure = { cause };
    }
  }
}
