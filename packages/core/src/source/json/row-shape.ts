/** A value of a line: an object whose keys are known, or a slot, where anything may stand. */
export type ShapeNode = number | readonly (readonly [key: string, value: ShapeNode])[];

/** What stands in a slot, as far as a line shows it. */
export interface Slot {
  /** The keys that lead to it, as one text: the same in each shape. */
  readonly path: string;
  readonly kind: 'text' | 'number' | 'other';
}

/** What the lines of one kind of row have in common: their objects and keys, and all that stands between the values. */
export interface RowShape {
  readonly root: ShapeNode;
  readonly slots: readonly Slot[];
  /** What stands before each slot, and behind the last one. */
  readonly literals: readonly string[];
}

/** A row with more values is no shape to look for: its function would be too long for V8 to make it fast. */
const MOST_SLOTS = 64;
const MOST_CHARACTERS = 16 * 1024;
/** Objects that are nested deeper are left to `JSON.parse`. */
const MOST_DEPTH = 16;

const SPACE = /\s*/y;
/** A text, or what is neither a text nor a list nor an object. */
const SCALAR = /"(?:[^"\\]|\\.)*"|[^\s,\]}]+/y;
/** What opens or closes, and texts, in which brackets mean nothing. */
const BRACKETS = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;

/** The shape of a line of JSON, which must be valid; undefined for what is no object, and where it is too large. */
export function shapeOf(line: string): RowShape | undefined {
  if (line.length > MOST_CHARACTERS) return undefined;
  const reader = new ShapeReader(line);
  const root = reader.value('');
  const { slots, literals } = reader.end();
  return typeof root === 'number' || root === undefined || slots.length > MOST_SLOTS
    ? undefined
    : { root, slots, literals };
}

class ShapeReader {
  readonly #line: string;
  readonly #slots: Slot[] = [];
  readonly #literals: string[] = [];
  /** Where the literal begins that is read. */
  #from = 0;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  end(): Pick<RowShape, 'slots' | 'literals'> {
    return { slots: this.#slots, literals: [...this.#literals, this.#line.slice(this.#from)] };
  }

  /** Undefined where an object has a key twice. */
  value(path: string, depth = 0): ShapeNode | undefined {
    this.#skip(SPACE);
    if (this.#line[this.#at] !== '{' || depth === MOST_DEPTH) return this.#slot(path);
    const start = this.#at;
    this.#at += 1;
    this.#skip(SPACE);
    if (this.#line[this.#at] !== '}') return this.#object(path, depth);
    this.#at = start;
    return this.#slot(path);
  }

  #object(path: string, depth: number): ShapeNode | undefined {
    const entries: [string, ShapeNode][] = [];
    const keys = new Set<string>();
    for (;;) {
      this.#skip(SPACE);
      const key = JSON.parse(this.#skip(SCALAR)) as string;
      if (keys.has(key)) return undefined;
      keys.add(key);
      this.#skip(SPACE);
      // The colon.
      this.#at += 1;
      const value = this.value(`${path}${JSON.stringify(key)}`, depth + 1);
      if (value === undefined) return undefined;
      entries.push([key, value]);
      this.#skip(SPACE);
      const isOver = this.#line[this.#at] === '}';
      this.#at += 1;
      if (isOver) return entries;
    }
  }

  #slot(path: string): number {
    const first = this.#line[this.#at]!;
    this.#literals.push(this.#line.slice(this.#from, this.#at));
    if (first === '{' || first === '[') this.#skipBrackets();
    else this.#skip(SCALAR);
    this.#from = this.#at;
    const kind = first === '"' ? 'text' : /[-\d]/.test(first) ? 'number' : 'other';
    return this.#slots.push({ path, kind }) - 1;
  }

  #skip(what: RegExp): string {
    what.lastIndex = this.#at;
    const [text] = what.exec(this.#line)!;
    this.#at += text.length;
    return text;
  }

  #skipBrackets(): void {
    let depth = 0;
    BRACKETS.lastIndex = this.#at;
    do {
      const [text] = BRACKETS.exec(this.#line)!;
      if (text === '{' || text === '[') depth += 1;
      else if (text === '}' || text === ']') depth -= 1;
    } while (depth > 0);
    this.#at = BRACKETS.lastIndex;
  }
}
