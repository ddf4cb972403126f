/**
 * How records become the bytes of a part: the contract of a writer, in this package or in another one. A child finds it
 * by a module reference.
 */
export interface PartFormat {
  /** Begins a part. */
  open(): PartEncoder;
}

/** The bytes of one part, piece by piece; text is written as UTF-8. */
export interface PartEncoder {
  /** What a record adds. What it throws is that record's fault, which `onError` may leave out. */
  encode(record: unknown): string | Uint8Array;
  /** What the part ends with. */
  end?(): string | Uint8Array;
  /**
   * About how many bytes of records it has taken and not given yet. Where a task writes many parts at a time, it asks for
   * these by `flush` when all of them together hold too much.
   */
  readonly held?: number;
  /** Gives what it holds, such as a row group. */
  flush?(): string | Uint8Array;
}
