import { decodeUtf8 } from '../readers/decode-utf8.js';
import { BytesWindow } from '../scan/bytes-window.js';
import { EXACT_DIGITS, POWERS } from '../scan/decimal.js';
import type { TextTable } from '../scan/text-table.js';
import { hashOf } from '../scan/text-table.js';
import { mixed } from '../../values/mixed.js';

const [NUL, LF, CR, QUOTE, COMMA, MINUS, POINT, ZERO, BACKSLASH] = [0, 10, 13, 34, 44, 45, 46, 48, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
/** A byte in each byte of a word. */
const [ONES, HIGHS, QUOTES, BACKSLASHES] = [0x01010101, 0x80808080, 0x22222222, 0x5c5c5c5c];
/** Below it are control characters. */
const SPACES = 0x20202020;
const [TRUE, FALS, NULL] = [0x65757274, 0x736c6166, 0x6c6c756e];
/** `e` of `false`. */
const LAST = 101;
/** Control characters must be escaped in a text. */
const FIRST_PLAIN = 32;
/** A longer text is hardly one that a key repeats, and is left to `JSON.parse`, which reads long ones sooner. */
const MOST_INTERNED = 64;
/** A slice of a text that is no longer has characters of its own; a longer one would keep the text of its block alive. */
const MOST_COPIED = 12;
/** No slot is this one. */
export const NONE = -1;

/**
 * Takes JSON values out of bytes, one after the other. A repeated text is one string, and a plain decimal becomes a number without
 * a text of its own; lists, and objects that are no part of a shape, are left to `JSON.parse`. What is no value sets `isWrong`:
 * whoever asks reads the whole line in another way then.
 */
export class ValueScanner {
  readonly window = new BytesWindow();
  /** Whether what was asked for since this was last set is not there, or not the whole of it. */
  isWrong = false;
  /** The number of the text in the hinted slot, among those that its key repeats; 0 where it is not known. */
  hint = 0;
  /** How many bytes were of texts of their own, lists and the like, which `JSON.parse` reads as soon. */
  slowBytes = 0;
  #tables: readonly TextTable[] = [];
  #hinted = NONE;

  /** Begins at `at` of other bytes: whole lines, the last of which may lack its LF. */
  open(bytes: Uint8Array, at: number): void {
    const { window } = this;
    window.fill(bytes);
    window.at = at;
    // A text that is never closed ends here, and nothing of other bytes is taken for what stands behind it.
    window.view.setInt32(window.end, QUOTE, true);
    window.view.setInt32(window.end + 4, 0, true);
  }

  /**
   * Begins a row.
   *
   * @param tables The texts of each slot.
   * @param hinted The slot that the hint is about.
   */
  begin(tables: readonly TextTable[], hinted: number): void {
    this.#tables = tables;
    this.#hinted = hinted;
    this.isWrong = false;
    this.hint = 0;
  }

  /** The text of the line that begins here, without its LF or CRLF; it stands behind the line then. */
  line(): string {
    const { window } = this;
    const { bytes, at } = window;
    this.hint = 0;
    const end = bytes.indexOf(LF, at);
    window.at = end + 1;
    const isEnded = window.isEnded || window.at < window.end;
    const last = isEnded && end > at && bytes[end - 1] === CR ? end - 1 : end;
    return window.isAscii(at, last) ? window.ascii(at, last) : decodeUtf8(bytes.subarray(at, last));
  }

  /** The value that begins here, which must be followed by what may follow a value. */
  value(slot: number): unknown {
    const { bytes, at } = this.window;
    const byte = bytes[at]!;
    if (byte === QUOTE) return this.#text(slot, at + 1);
    if ((byte >= ZERO && byte <= ZERO + 9) || byte === MINUS) return this.#number();
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) return this.#nested();
    return this.#constant();
  }

  /** As `Scanner.text` of CSV: a text that its key has had before is found while its end is looked for. */
  #text(slot: number, from: number): string {
    const { window } = this;
    const { view } = window;
    const table = this.#tables[slot]!;
    if (table.isUseless) return this.#otherText(slot, from);
    let word = view.getInt32(from, true);
    let hash = 0;
    let i = from;
    for (;;) {
      const quoted = word ^ QUOTES;
      const found = (quoted - ONES) & ~quoted & HIGHS;
      if (found !== 0) {
        const bits = 24 - Math.clz32(found & -found);
        hash = mixed(hash, word & ((1 << bits) - 1));
        i += bits >>> 3;
        break;
      }
      hash = mixed(hash, word);
      i += 4;
      if (i - from > MOST_INTERNED) return this.#longText(from, i);
      word = view.getInt32(i, true);
    }
    const known = table.find(view, from, i - from, hash);
    if (known === 0) return this.#otherText(slot, from);
    window.at = i + 1;
    if (slot === this.#hinted) this.hint = known;
    return table.texts[known]!;
  }

  /** Reads four bytes at a time up to the quote, or what makes a text other than plain: a byte is flagged as in `#text`. */
  #otherText(slot: number, from: number): string {
    const { window } = this;
    const { view, bytes } = window;
    let all = 0;
    let i = from;
    for (;;) {
      const word = view.getInt32(i, true);
      const quoted = word ^ QUOTES;
      const escaped = word ^ BACKSLASHES;
      const control = (word - SPACES) & ~word;
      const found = (((quoted - ONES) & ~quoted) | ((escaped - ONES) & ~escaped) | control) & HIGHS;
      if (found !== 0) {
        const bits = 24 - Math.clz32(found & -found);
        all |= word & ((1 << bits) - 1);
        i += bits >>> 3;
        break;
      }
      all |= word;
      i += 4;
      if (i - from > MOST_INTERNED) return this.#longText(from, i);
    }
    if (bytes[i] === BACKSLASH) return this.#longText(from, i);
    if (bytes[i] !== QUOTE || i >= window.end) return this.#fail('');
    window.at = i + 1;
    const isAscii = (all & HIGHS) === 0;
    const length = i - from;
    const isShort = length <= MOST_COPIED && isAscii;
    const text = isShort ? window.ascii(from, i) : bytes.toString(isAscii ? 'latin1' : 'utf8', from, i);
    const table = this.#tables[slot]!;
    if (table.isUseless) {
      if (!isShort) this.slowBytes += length;
      return text;
    }
    const known = table.add(text, view, { from, length, hash: hashOf(view, from, length) });
    if (known === 0) return text;
    if (slot === this.#hinted) this.hint = known;
    return table.texts[known]!;
  }

  /** A text that ends at the first quote, from `at` on, before which no backslash stands that means it. */
  #longText(from: number, at: number): string {
    const { bytes } = this.window;
    let end = at;
    for (;;) {
      end = bytes.indexOf(QUOTE, end);
      let first = end;
      while (first > from && bytes[first - 1] === BACKSLASH) first -= 1;
      if ((end - first) % 2 === 0) break;
      end += 1;
    }
    return this.#parsed(from - 1, end + 1) as string;
  }

  /** A plain decimal is rounded as `Number` rounds its text: see `fastNumber`. */
  #number(): number {
    const { window } = this;
    const { bytes, at } = window;
    const minus = bytes[at] === MINUS ? 1 : 0;
    const first = at + minus;
    let i = first;
    let byte = bytes[i]!;
    let value = 0;
    let scale = 0;
    for (; ; byte = bytes[++i]!) {
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (byte === POINT && scale === 0) scale = i + 1;
      else break;
    }
    // Digits before the point, of which a zero must be the only one, and behind it.
    const whole = (scale === 0 ? i : scale - 1) - first;
    const digits = scale === 0 ? whole : whole + i - scale;
    const isPlain = whole > 0 && (whole === 1 || bytes[first] !== ZERO) && scale !== i;
    if (!isPlain || digits > EXACT_DIGITS || !endsValue(byte)) return this.#otherNumber(at, i);
    window.at = i;
    if (scale !== 0) value /= POWERS[i - scale]!;
    // A zero becomes -0, as it should.
    return minus === 1 ? -value : value;
  }

  #otherNumber(at: number, from: number): number {
    const { bytes } = this.window;
    let end = from;
    while (isOfNumber(bytes[end]!)) end += 1;
    return this.#parsed(at, end) as number;
  }

  #constant(): boolean | null {
    const { window } = this;
    const { view, bytes, at } = window;
    const word = view.getInt32(at, true);
    window.at = at + 4;
    if (word === TRUE) return true;
    if (word === NULL) return null;
    window.at = at + 5;
    if (word === FALS && bytes[at + 4] === LAST) return false;
    return this.#fail(null);
  }

  #nested(): unknown {
    const { bytes, at } = this.window;
    let depth = 0;
    let i = at;
    for (; ; i += 1) {
      const byte = bytes[i]!;
      if (byte === QUOTE) {
        for (i += 1; bytes[i] !== QUOTE; i += 1) {
          if (bytes[i] === BACKSLASH) i += 1;
          else if (bytes[i]! < FIRST_PLAIN) return this.#fail(null);
        }
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth === 0) break;
      } else if (byte === LF || byte === NUL) return this.#fail(null);
    }
    return this.#parsed(at, i + 1);
  }

  /** What `JSON.parse` makes of some bytes. */
  #parsed(from: number, to: number): unknown {
    const { window } = this;
    window.at = to;
    if (to > window.end) return this.#fail(null);
    this.slowBytes += to - from;
    try {
      return JSON.parse(window.bytes.toString('utf8', from, to));
    } catch {
      return this.#fail(null);
    }
  }

  #fail<T>(value: T): T {
    this.isWrong = true;
    // At the end nothing matches that may stand behind a value.
    this.window.at = this.window.end;
    return value;
  }
}

/** What may follow a number without a space. */
function endsValue(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte <= 32;
}

function isOfNumber(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= ZERO + 9) ||
    byte === MINUS ||
    byte === POINT ||
    byte === 43 ||
    (byte | 32) === 101
  );
}
