/** What a key is packed as. Kinds keep 1, '1', 1n and [1] apart. */
export const Kind = {
  /** A text of characters up to U+00FF: a byte each. */
  LATIN: 0,
  /** Any other text: two bytes a code unit. */
  WIDE: 1,
  /** The canonical text of an object, which is kept beside. */
  COMPOSITE: 2,
  WIDE_COMPOSITE: 3,
  /** Hexadecimal digits, a byte each. */
  BIGINT: 4,
  /** Four bytes. */
  INTEGER: 5,
  /** Eight bytes. */
  NUMBER: 6,
  /** Nothing: which one it is stands in place of its length. */
  CONSTANT: 7,
} as const;

export const CONSTANTS: readonly unknown[] = [undefined, null, false, true];

const KIND_BITS = 3;
const KIND_MASK = 7;

/** Units of eight bytes before the packed key: two words for its hash and shape, and a number of the owner's. */
export const HEADER = 2;

/** Where records are: the same bytes, seen in three ways. */
export interface RecordMemory {
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly bytes: Buffer;
}

export function recordMemory(length: number): RecordMemory {
  const words = new Int32Array(length);
  return { words, floats: new Float64Array(words.buffer), bytes: Buffer.from(words.buffer) };
}

/** The kind of a key and its length in characters. */
export function shapeOf(kind: number, length: number): number {
  return (length << KIND_BITS) | kind;
}

export function kindOf(shape: number): number {
  return shape & KIND_MASK;
}

/** How many words of four bytes a packed key takes. */
export function wordsOf(shape: number): number {
  const length = shape >>> KIND_BITS;
  switch (kindOf(shape)) {
    case Kind.INTEGER:
      return 1;
    case Kind.NUMBER:
      return 2;
    case Kind.CONSTANT:
      return 0;
    case Kind.WIDE:
    case Kind.WIDE_COMPOSITE:
      return (length + 1) >>> 1;
    default:
      return (length + 3) >>> 2;
  }
}

/** How many words the record takes that begins at word `at`. */
export function recordWords(words: Int32Array, at: number): number {
  return 2 * HEADER + ((wordsOf(words[at + 1]!) + 1) & ~1);
}

/** The key of a record that begins at a unit; undefined for an object. */
export function unpackKey(memory: RecordMemory, record: number): unknown {
  const shape = memory.words[2 * record + 1]!;
  const length = shape >>> KIND_BITS;
  switch (kindOf(shape)) {
    case Kind.LATIN:
      return textOf(memory, 'latin1', record, length);
    case Kind.WIDE:
      return textOf(memory, 'utf16le', record, 2 * length);
    case Kind.BIGINT: {
      const digits = textOf(memory, 'latin1', record, length);
      return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
    }
    case Kind.INTEGER:
      return memory.words[2 * (record + HEADER)];
    case Kind.NUMBER:
      return memory.floats[record + HEADER];
    case Kind.CONSTANT:
      return CONSTANTS[length];
    default:
      return undefined;
  }
}

function textOf(
  { bytes }: RecordMemory,
  encoding: 'latin1' | 'utf16le',
  record: number,
  length: number,
): string {
  const from = 8 * (record + HEADER);
  return bytes.toString(encoding, from, from + length);
}
