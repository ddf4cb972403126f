import { KeyBytes } from '../keys/key-bytes.js';
import { compareKeys } from '../keys/sort-key.js';
import type { Keys } from './key-column.js';

/** One key that stored keys are compared with. */
export class KeyProbe {
  readonly #key: unknown;
  #units: Uint16Array | undefined;
  #bytes: Uint8Array | undefined;

  constructor(key: unknown) {
    this.#key = key;
  }

  /** Negative if the key of a row comes before this one, positive if after, 0 if neither. */
  compare({ texts: { units, ends }, areTexts }: Keys, row: number): number {
    const key = this.#key;
    // Text or not decides, where one is and the other is not.
    if (areTexts && typeof key !== 'string') return compareKeys('', key);
    const own = areTexts ? (this.#units ??= unitsOf(key as string)) : (this.#bytes ??= bytesOf(key));
    const start = row === 0 ? 0 : ends[row - 1]!;
    const length = ends[row]! - start;
    const shared = Math.min(length, own.length);
    for (let i = 0; i < shared; i++) {
      const difference = units[start + i]! - own[i]!;
      if (difference !== 0) return difference;
    }
    return length - own.length;
  }
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return units;
}

function bytesOf(key: unknown): Uint8Array {
  const bytes = new KeyBytes();
  bytes.add(key);
  return bytes.bytes.subarray(0, bytes.length);
}
