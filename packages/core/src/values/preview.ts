import { inspect, types } from 'node:util';

// The accessors themselves, since a subclass may have one that lies or throws.
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get as (
  this: Map<unknown, unknown>,
) => number;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get as (this: Set<unknown>) => number;
const MAX_DEPTH = 2;
const MAX_ITEMS = 20;
// Control characters (C0, C1), line separators and everything that reorders or hides text on a terminal.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/**
 * A short rendering of any value on one line, for messages: at most `limit` UTF-16 units, an ellipsis at the end of
 * what was cut. Control characters, ANSI escapes, bidirectional controls and lone surrogates are escaped, so that it is
 * safe on a terminal. Runs no getter and no `inspect.custom`. Never throws; the cost depends on `limit`, not on the
 * size of the value (but for the number of keys of one object).
 */
export function preview(value: unknown, limit = 200): string {
  const output: Output = { text: '', limit };
  try {
    write(value, 0, output);
  } catch {
    output.text += '[unreadable]';
  }
  return shorten(escapeControls(output.text), limit);
}

/** The text with everything escaped that a terminal would obey: `\x1b` for the escape character. */
export function escapeControls(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    if (code === 10) return '\\n';
    if (code === 13) return '\\r';
    if (code === 9) return '\\t';
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

interface Output {
  text: string;
  /** Rendering stops at the first part that ends beyond it. */
  readonly limit: number;
}

function write(value: unknown, depth: number, output: Output): void {
  if (
    typeof value !== 'object' ||
    value === null ||
    value === GETTER ||
    types.isProxy(value) ||
    isSpecial(value)
  ) {
    output.text += brief(value, output.limit);
  } else if (types.isNativeError(value)) output.text += `[${errorText(value, output.limit)}]`;
  else if (types.isMap(value)) writeMap(value, depth, output);
  else if (types.isSet(value)) writeSet(value, depth, output);
  else if (Array.isArray(value)) writeArray(value, depth, output);
  else writeRecord(value, depth, output);
}

function writeArray(array: readonly unknown[], depth: number, output: Output): void {
  const first = Array.from({ length: Math.min(array.length, MAX_ITEMS + 1) }, (_, i) => i);
  const list = { open: '[', items: first, size: array.length, close: ']' };
  writeList(list, depth, output, (i) => write(readData(array, String(i)), depth + 1, output));
}

function writeSet(set: Set<unknown>, depth: number, output: Output): void {
  const size = setSize.call(set);
  const members = Set.prototype.values.call(set) as Iterable<unknown>;
  const writeMember = (member: unknown): void => write(member, depth + 1, output);
  const open = `${className(set) ?? 'Set'}(${size}) {`;
  writeList({ open, items: members, size, close: '}' }, depth, output, writeMember);
}

function writeMap(map: Map<unknown, unknown>, depth: number, output: Output): void {
  const size = mapSize.call(map);
  const entries = Map.prototype.entries.call(map) as Iterable<[unknown, unknown]>;
  const open = `${className(map) ?? 'Map'}(${size}) {`;
  writeList({ open, items: entries, size, close: '}' }, depth, output, ([key, member]) => {
    write(key, depth + 1, output);
    output.text += ' => ';
    write(member, depth + 1, output);
  });
}

function writeRecord(record: object, depth: number, output: Output): void {
  const keys = Object.keys(record);
  const name = className(record);
  const open = name === 'Object' ? '{' : `${name ?? '[Object: null prototype]'} {`;
  writeList({ open, items: keys, size: keys.length, close: '}' }, depth, output, (key) => {
    output.text += `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : brief(key, output.limit)}: `;
    write(readData(record, key), depth + 1, output);
  });
}

interface List<T> {
  readonly open: string;
  readonly items: Iterable<T>;
  readonly size: number;
  readonly close: string;
}

function writeList<T>(
  { open, items, size, close }: List<T>,
  depth: number,
  output: Output,
  writeItem: (item: T) => void,
): void {
  if (depth > MAX_DEPTH && size > 0) {
    output.text += `${open} ... ${close}`;
    return;
  }
  output.text += open;
  let written = 0;
  for (const item of items) {
    if (written === MAX_ITEMS || output.text.length > output.limit) {
      output.text += `, ... ${size - written} more`;
      break;
    }
    output.text += written === 0 ? ' ' : ', ';
    writeItem(item);
    written += 1;
  }
  output.text += written === 0 ? close : ` ${close}`;
}

/** A value that is not a list of others: `inspect` knows dates, functions, typed arrays and the like. */
function brief(value: unknown, limit: number): string {
  if (value === GETTER) return '[Getter]';
  // The options bound the cost of a huge string or typed array.
  return inspect(value, {
    depth: 0,
    breakLength: Infinity,
    compact: true,
    customInspect: false,
    maxStringLength: limit,
    maxArrayLength: MAX_ITEMS,
  });
}

function errorText(error: Error, limit: number): string {
  const [name, message] = ['name', 'message'].map((key) => {
    const part = readData(error, key) ?? (key === 'name' ? 'Error' : '');
    return typeof part === 'string' ? part.slice(0, limit) : brief(part, limit);
  });
  return message === '' ? `${name}` : `${name}: ${message}`;
}

/** Reads a property, own or inherited, without running a getter. */
function readData(value: object, key: string): unknown {
  for (let holder: object | null = value, i = 0; holder !== null && i < 1000; i += 1) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return 'value' in descriptor ? descriptor.value : GETTER;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return undefined;
}

/** Stands for a value that only a getter knows. */
const GETTER = {};

/** What `inspect` renders better than a list of its properties. */
function isSpecial(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isArrayBufferView(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isModuleNamespaceObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isGeneratorObject(value)
  );
}

function className(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return undefined;
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function' || types.isProxy(constructor)) return undefined;
  const name: unknown = Object.getOwnPropertyDescriptor(constructor, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name.slice(0, 100) : undefined;
}

function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  // Not in the middle of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
