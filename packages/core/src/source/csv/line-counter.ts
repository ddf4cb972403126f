import { LF } from '../files/record-blocks.js';
import type { Locate } from './row-taker.js';

/** Knows the number of each line of a text that is passed block by block. */
export class LineCounter {
  readonly #file: string;
  #bytes = 0;
  #lines = 0;

  constructor(file: string) {
    this.#file = file;
  }

  pass(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#lines += lineEnds(bytes, 0, bytes.length);
  }

  /** Finds bytes of the block that is not passed yet, or of one that began before it. */
  locate(): Locate {
    const [file, passed, lines] = [this.#file, this.#bytes, this.#lines];
    return (byte, { at, bytes }) => {
      const before =
        byte < passed
          ? lines - lineEnds(bytes, byte - at, passed - at)
          : lines + lineEnds(bytes, Math.max(0, passed - at), byte - at);
      return { file, line: before + 1, byte };
    };
  }
}

function lineEnds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}
