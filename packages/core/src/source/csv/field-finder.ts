import type { BytesWindow } from '../scan/bytes-window.js';
import { RowFault } from './row-fault.js';

const [LF, CR] = [10, 13];
/** No byte is this one. */
const NONE = -1;

/** A row is not complete in the bytes that are there: a quoted field of it goes on. */
export class OpenQuote extends Error {}

export interface Marks {
  readonly delimiter: string;
  readonly quote: string | undefined;
  readonly multiline: boolean;
}

/** Finds where fields begin and end, whatever they hold. */
export class FieldFinder {
  // Where the field is that was found last, without its quotes.
  from = 0;
  to = 0;
  isQuoted = false;
  /** Whether it has quotes within, which are doubled. */
  hasQuotes = false;
  readonly #window: BytesWindow;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #isMultiline: boolean;
  readonly #nameOf: (field: number) => string;

  /** @param nameOf Names a field in messages. */
  constructor(
    window: BytesWindow,
    { delimiter, quote, multiline }: Marks,
    nameOf: (field: number) => string,
  ) {
    this.#window = window;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote?.charCodeAt(0) ?? NONE;
    this.#isMultiline = multiline;
    this.#nameOf = nameOf;
  }

  /** Finds the next field, and gives the byte that ends it: a delimiter or a LF. */
  find(field: number): number {
    const window = this.#window;
    const { bytes } = window;
    let i = window.at;
    let byte = bytes[i]!;
    if (byte === this.#quote) return this.#findQuoted(field);
    const delimiter = this.#delimiter;
    this.from = i;
    while (byte !== delimiter && byte !== LF) {
      i += 1;
      byte = bytes[i]!;
    }
    this.to = i;
    window.at = i + 1;
    this.isQuoted = false;
    this.hasQuotes = false;
    return byte;
  }

  /** The CR of a CRLF is no part of the last field. */
  cutReturn(): void {
    const { bytes, at, end, isEnded } = this.#window;
    if (bytes[at - 2] !== CR || this.to !== at - 1 || this.to === this.from || (!isEnded && at === end))
      return;
    this.to -= 1;
  }

  #findQuoted(field: number): number {
    const window = this.#window;
    const { bytes, end } = window;
    const quote = this.#quote;
    let i = window.at + 1;
    this.from = i;
    this.isQuoted = true;
    this.hasQuotes = false;
    for (;;) {
      const byte = bytes[i];
      if (i >= end || (byte === LF && !this.#isMultiline)) throw new OpenQuote(this.#nameOf(field));
      if (byte === quote) {
        if (bytes[i + 1] !== quote) break;
        this.hasQuotes = true;
        i += 1;
      }
      i += 1;
    }
    this.to = i;
    i += bytes[i + 1] === CR && bytes[i + 2] === LF ? 2 : 1;
    const byte = bytes[i]!;
    window.at = i + 1;
    if (byte === LF || byte === this.#delimiter) return byte;
    window.at = i;
    throw new RowFault(
      `no row: ${this.#nameOf(field)} goes on behind its closing quote (a quote within quotes is doubled)`,
    );
  }
}
