import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { roomElsewhere, writeError } from '../disk/write-error.js';
import type { SpillFs, SpillPlace } from './spill-place.js';

export const nodeFs: SpillFs = {
  open: openSync,
  write: writeSync,
  read: readSync,
  close: closeSync,
  unlink: unlinkSync,
};

// Like 'wx', and every write is on the disk for good when it returns; under Node's permission model fsync is denied.
const { O_CREAT, O_EXCL, O_WRONLY, O_DSYNC } = constants as Partial<typeof constants>;
export const DURABLE = (O_CREAT ?? 0) | (O_EXCL ?? 0) | (O_WRONLY ?? 0) | (O_DSYNC ?? 0);

const BUFFER_BYTES = 256 * 1024;

// Together with the name of the task attempt it makes every file name of a process unique.
let sequence = 0;

/**
 * A temporary file (mode 0600) that is written from start to end in large writes. `close` it before it is read;
 * `remove` it when it is no longer wanted.
 */
export class SpillFile {
  readonly path: string;
  /** Bytes appended so far. */
  length = 0;
  readonly #place: SpillPlace;
  readonly #fs: SpillFs;
  #descriptor: number | undefined;
  #exists = false;
  #buffer: Uint8Array | undefined;
  #buffered = 0;
  #written = 0;

  constructor(place: SpillPlace) {
    this.path = join(place.directory, `${place.name}-${sequence++}.spill`);
    this.#place = place;
    this.#fs = place.fs ?? nodeFs;
    place.prepare?.();
    try {
      this.#descriptor = this.#fs.open(this.path, place.isDurable ? DURABLE : 'wx', 0o600);
      this.#exists = true;
    } catch (error) {
      throw this.#failure(error);
    }
    this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** @throws SourceError when the disk is full or fails; the file is removed then. */
  append(bytes: Uint8Array): void {
    const buffer = this.#buffer;
    if (buffer === undefined) throw new Error(`${this.path} is closed`);
    if (this.#buffered + bytes.length > buffer.length) this.#flush();
    if (bytes.length > buffer.length) {
      this.#write(bytes, bytes.length);
    } else {
      buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
    this.length += bytes.length;
  }

  /** @throws SourceError as `append` does. */
  close(): void {
    if (this.#descriptor === undefined) return;
    this.#flush();
    this.#release();
  }

  /** Closes and unlinks the file. May be called again, and after a failure. */
  remove(): void {
    try {
      this.#release();
    } catch {
      // A descriptor that cannot be closed must not keep the file.
    }
    if (!this.#exists) return;
    this.#exists = false;
    this.#place.disk?.remove(this.#written);
    try {
      this.#fs.unlink(this.path);
    } catch {
      // The run's directory is removed as a whole in the end.
    }
  }

  #flush(): void {
    if (this.#buffer !== undefined && this.#buffered > 0) this.#write(this.#buffer, this.#buffered);
    this.#buffered = 0;
  }

  #write(bytes: Uint8Array, length: number): void {
    try {
      for (let at = 0; at < length;) {
        const written = this.#fs.write(this.#descriptor ?? -1, bytes, at, length - at);
        at += written;
        this.#written += written;
        this.#place.disk?.add(written);
      }
    } catch (error) {
      this.remove();
      throw this.#failure(error);
    }
  }

  #release(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    this.#buffer = undefined;
    this.#buffered = 0;
    if (descriptor !== undefined) this.#fs.close(descriptor);
  }

  #failure(error: unknown): Error {
    const { directory, isDurable } = this.#place;
    const [file, done, remedy] = [this.path, this.#written, roomElsewhere(isDurable)];
    return writeError(error, { directory, file, done, what: 'temporary data', remedy });
  }
}
