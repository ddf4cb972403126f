import { closeSync, constants, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { DURABLE } from '../../blocks/spill-file.js';
import { syncsItself } from '../../disk/durable.js';
import { writeError } from '../../disk/write-error.js';
import type { Part } from '../../protocol/reply.js';

// The same as DURABLE, for a file that is there; `a` where every write is to be followed by `fsync`.
const { O_APPEND, O_WRONLY, O_DSYNC } = constants as Partial<typeof constants>;
const AGAIN = syncsItself ? (O_APPEND ?? 0) | (O_WRONLY ?? 0) | (O_DSYNC ?? 0) : 'a';

/** UTF-16 units of text that are held before they are written: few system calls, and never a text of the part's size. */
const BLOCK = 256 * 1024;

export interface PartFileOptions {
  /** Unique to the attempt: no other writes to it, and the parent renames it once the attempt has succeeded. */
  readonly path: string;
  /** What lies on the same disk, and what to do if that is full, for messages. */
  readonly directory: string;
  readonly remedy: string;
  readonly gzip: boolean;
}

/**
 * One part of an output: text or bytes, written in blocks, and on the disk (`fsync`) when `finish` returns. Where many are
 * written at a time, one may `rest` meanwhile.
 */
export class PartFile {
  readonly #options: PartFileOptions;
  #descriptor: number | undefined;
  #text = '';
  #bytes = 0;

  /** @throws SourceError when the file cannot be made. */
  constructor(options: PartFileOptions) {
    this.#options = options;
    this.#descriptor = this.#guarded(() => openSync(options.path, syncsItself ? DURABLE : 'wx'));
  }

  /** How much text waits to be written, in UTF-16 units. */
  get held(): number {
    return this.#text.length;
  }

  /** Whether it has a descriptor. */
  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /** @throws SourceError when the disk is full or fails; the file is removed then. */
  add(piece: string | Uint8Array): void {
    if (typeof piece === 'string') {
      this.#text += piece;
      if (this.#text.length >= BLOCK) this.#flush();
    } else {
      this.#flush();
      this.#write(piece);
    }
  }

  /** Writes what waits, and gives the descriptor back; the next write opens the file again. @throws SourceError as `add` does. */
  rest(): void {
    this.#flush();
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) this.#guarded(() => closeSync(descriptor));
  }

  /** @throws SourceError as `add` does. */
  finish(): Omit<Part, 'records'> {
    this.#flush();
    this.#guarded(() => {
      if (!syncsItself) fsyncSync(this.#open());
      if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    });
    this.#descriptor = undefined;
    return { path: this.#options.path, bytes: this.#bytes };
  }

  /** Closes and unlinks the file. May be called again, after `finish` and after a failure. */
  remove(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    this.#text = '';
    try {
      if (descriptor !== undefined) closeSync(descriptor);
      unlinkSync(this.#options.path);
    } catch {
      // The parent removes what attempts have left as a whole in the end.
    }
  }

  #flush(): void {
    if (this.#text === '') return;
    const text = Buffer.from(this.#text);
    this.#text = '';
    this.#write(text);
  }

  #write(piece: Uint8Array): void {
    // A gzip file may have many members: each block is one, so that no state is kept and nothing waits.
    // Loaded here, since most runs compress nothing.
    const bytes = this.#options.gzip ? process.getBuiltinModule('node:zlib').gzipSync(piece) : piece;
    this.#guarded(() => {
      for (let at = 0; at < bytes.length;) {
        const written = writeSync(this.#open(), bytes, at, bytes.length - at);
        at += written;
        this.#bytes += written;
      }
    });
  }

  #open(): number {
    return (this.#descriptor ??= openSync(this.#options.path, AGAIN));
  }

  #guarded<R>(action: () => R): R {
    try {
      return action();
    } catch (error) {
      this.remove();
      const { directory, remedy } = this.#options;
      throw writeError(error, { directory, file: directory, done: this.#bytes, what: 'a part', remedy });
    }
  }
}
