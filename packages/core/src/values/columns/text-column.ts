/** Texts: short ones joined, long ones as they are. */
export interface TextColumn {
  readonly kind: 'texts';
  /** The length of each in UTF-16 units; that of a long one is `LONG`. */
  readonly lengths: Uint8Array;
  readonly joined: string;
  readonly long: readonly string[];
}

/**
 * V8 makes a part of a string a view of it from 13 units on (`SlicedString::kMinLength`), and a text that a user keeps
 * would keep all others of its block. Shorter parts are copies.
 */
const LONG = 13;

/** Undefined where one value is no text. */
export function toTextColumn(values: readonly unknown[]): TextColumn | undefined {
  const lengths = new Uint8Array(values.length);
  const long: string[] = [];
  let joined = '';
  for (let i = 0; i < values.length; i += 1) {
    const text = values[i];
    if (typeof text !== 'string') return undefined;
    if (text.length < LONG) {
      lengths[i] = text.length;
      joined += text;
    } else {
      lengths[i] = LONG;
      long.push(text);
    }
  }
  return { kind: 'texts', lengths, joined, long };
}

export function fromTextColumn({ lengths, joined, long }: TextColumn): string[] {
  const texts = new Array<string>(lengths.length);
  let [at, next] = [0, 0];
  for (let i = 0; i < lengths.length; i += 1) {
    const length = lengths[i]!;
    if (length === LONG) {
      texts[i] = long[next]!;
      next += 1;
    } else {
      texts[i] = joined.substring(at, at + length);
      at += length;
    }
  }
  return texts;
}
