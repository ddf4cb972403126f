import type { BytesWindow } from '../scan/bytes-window.js';
import type { RowShape, ShapeNode } from './row-shape.js';
import type { ValueScanner } from './value-scanner.js';

/**
 * Takes the next line, if it has the shape; else it gives undefined, and where the window stands then means nothing. The scanner
 * may have found something wrong besides: see `ValueScanner.isWrong`.
 */
export type MakeRow = (scanner: ValueScanner, window: BytesWindow) => object | undefined;

/** So many functions are kept for other runs of the process. */
const MOST_KEPT = 64;
const kept = new Map<string, MakeRow>();

/**
 * The function that takes lines of a shape. It is written for the shape, so that what stands between values is compared four bytes
 * at a time, and V8 knows the rows' shape from the first one on. Undefined where no code may be made from text.
 */
export function rowMaker(shape: RowShape): MakeRow | undefined {
  const key = JSON.stringify([shape.literals, shape.root]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  try {
    const make = written(shape);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, make);
    return make;
  } catch {
    return undefined;
  }
}

function written({ root, slots, literals }: RowShape): MakeRow {
  const row = `return ${textOf(root)};`;
  prime(slots, row);
  const steps = literals.map((literal, i) => {
    const value = i < slots.length ? `const v${i} = s.value(${i});` : '';
    return `${literalStep(literal)}\n${value}`;
  });
  const code = `let a;
${steps.join('\n')}
a = w.at;
if (w.bytes[a] === 13) a += 1;
if (w.bytes[a] !== 10) return undefined;
w.at = a + 1;
${row}`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- keys are quoted, and all else is written here
  return new Function('s', 'w', code) as MakeRow;
}

/** Passes over a literal. Where it does not stand, no byte behind the first ones that differ is read. */
function literalStep(literal: string): string {
  const bytes = Buffer.from(literal);
  const { length } = bytes;
  const tests: string[] = [];
  const word = (at: number): number =>
    tests.push(`w.view.getInt32(a + ${at}, true) !== ${bytes.readInt32LE(at)}`);
  let at = 0;
  for (; at + 4 <= length; at += 4) word(at);
  if (at < length && length > 4) word(length - 4);
  else for (; at < length; at += 1) tests.push(`w.bytes[a + ${at}] !== ${bytes[at]}`);
  const test = tests.length === 0 ? '' : `if (${tests.join(' || ')}) return undefined;`;
  return `a = w.at; ${test} w.at = a + ${length};`;
}

function textOf(node: ShapeNode): string {
  if (typeof node === 'number') return `v${node}`;
  return `{ ${node.map(([key, value]) => `${keyOf(key)}: ${textOf(value)}`).join(', ')} }`;
}

/** In brackets a name is a key like any other, `__proto__` too. */
function keyOf(name: string): string {
  const key = JSON.stringify(name);
  return name === '__proto__' ? `[${key}]` : key;
}

/** Makes some rows that nobody needs: see `prime` of the rows of CSV. */
function prime(slots: RowShape['slots'], row: string): void {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as above
  const make = new Function(...slots.map((_, i) => `v${i}`), row) as (...values: unknown[]) => object;
  for (const number of [0, 0.5]) make(...slots.map(({ kind }) => (kind === 'number' ? number : '')));
  make(...slots.map(({ kind }) => (kind === 'number' ? -1 : null)));
}
