import { SerializationError } from '../errors.js';
import type { Column } from './columns/column.js';
import { ownColumn, pairColumn, toColumn, toColumns } from './columns/to-columns.js';
import { flatten, type Flat, type Head } from './flatten.js';
import { fromColumn } from './columns/from-column.js';
import { preview } from './preview.js';
import { fillShell, shellOf } from './rebuild.js';
import { refuse } from './refuse.js';
import { scan } from './scan.js';
import { tryOr } from './try-or.js';
import { MAX_BYTES, ValueReader, ValueTooLargeError, ValueWriter } from './value-stream.js';

// The first byte of every message.
const PLAIN = 0;
const FLAT = 1;
const COLUMN = 2;
const FIELDS = 3;

/** Parts of a block. */
export type Fields = Readonly<Record<string, readonly unknown[] | NodeJS.TypedArray>>;

/**
 * Serializes a value for another process. BigInt, Map, Set, Date, RegExp (but `lastIndex`), NaN, -0, undefined, sparse
 * arrays, typed arrays, Buffer, ArrayBuffer, cycles, shared references, and errors anywhere, with class name, message,
 * stack, cause and own properties, survive. Objects without a prototype become plain, getters become their values,
 * each typed array gets a buffer of its own, non-enumerable properties stay behind. Anything else that would be lost
 * is refused; only inside an error it becomes a text that describes it.
 *
 * Costs 1.2 to 1.5 times as much as `v8.serialize`; errors and nesting beyond 64 levels several times as much.
 *
 * @param root Names the value in messages: `result` gives `result[3].handler is a function`.
 * @param firstIndex Added to the index of a top-level array in messages, so that they name the record's own position.
 * @throws SerializationError that names the path to the first part that cannot cross, and the remedy.
 */
export function encode(value: unknown, root: string, firstIndex = 0): Uint8Array {
  const column = Array.isArray(value) ? toColumn(value) : undefined;
  return (column && writeIfItFits(COLUMN, column)) ?? encodeValue(value, root, firstIndex);
}

/** As `encode`, of a list that forkfold has made itself: it is not looked at for anything that arrays could have besides items. */
export function encodeList(
  list: readonly unknown[] | NodeJS.TypedArray,
  root: string,
  firstIndex = 0,
): Uint8Array {
  const column = ArrayBuffer.isView(list) ? undefined : ownColumn(list);
  return (column && writeIfItFits(COLUMN, column)) ?? encodeValue(list, root, firstIndex);
}

function encodeValue(value: unknown, root: string, firstIndex: number): Uint8Array {
  const verdict = scan(value);
  if (verdict === 'suspect') refuse(value, root, firstIndex);
  try {
    return verdict === 'plain' ? write(PLAIN, value) : writeFlat(flatten(value));
  } catch (cause) {
    if (isTooLarge(cause)) {
      const why = `${root} is larger than 2 GiB, the most that can cross: lower chunkSize or chunkBytes`;
      throw new SerializationError(why, root, { cause });
    }
    refuse(value, root, firstIndex); // V8 refuses more than the scan looks for, such as proxies, but gives no path
    throw new SerializationError(`${root} cannot be serialized: ${preview(cause)}`, root, { cause });
  }
}

/**
 * Pairs that forkfold has made itself: not looked at for anything that arrays could have besides two items. Undefined
 * unless all firsts are alike and plain, and all seconds. `decode` gives the pairs.
 */
export function encodePairs(pairs: readonly (readonly [unknown, unknown])[]): Uint8Array | undefined {
  const column = pairColumn(pairs);
  return column && writeIfItFits(COLUMN, column);
}

/**
 * An object that forkfold has made itself, of lists and typed arrays. Undefined unless what is in each list is alike and
 * plain. `decode` gives the object.
 */
export function encodeFields(fields: Fields): Uint8Array | undefined {
  const names = Object.keys(fields);
  const lists = names.filter((name) => !ArrayBuffer.isView(fields[name]));
  const columns = toColumns(lists.map((name) => fields[name] as readonly unknown[]));
  if (columns === undefined) return undefined;
  return writeIfItFits(FIELDS, {
    ...fields,
    ...Object.fromEntries(lists.map((name, i) => [name, columns[i]])),
  });
}

/**
 * The value again, of its own: nothing in it refers to `bytes`, which may lie at any offset of their buffer.
 *
 * @throws SerializationError for bytes that `encode` did not make.
 */
export function decode(bytes: Uint8Array): unknown {
  try {
    const reader = new ValueReader(bytes);
    const form = reader.readUint32();
    reader.readHeader();
    if (form === PLAIN) return reader.readValue();
    if (form === FLAT) return readFlat(reader);
    if (form === COLUMN) return fromColumn(reader.readValue() as Column);
    if (form === FIELDS) return fromFields(reader.readValue() as Record<string, Column | NodeJS.TypedArray>);
    throw new Error(`a message of form ${form}`);
  } catch (cause) {
    throw new SerializationError(`message cannot be decoded: ${preview(cause)}`, 'message', { cause });
  }
}

function write(form: number, ...values: unknown[]): Uint8Array {
  const writer = new ValueWriter();
  writer.writeUint32(form);
  writer.writeHeader();
  for (const value of values) writer.writeValue(value);
  const bytes = writer.releaseBuffer();
  if (bytes.length > MAX_BYTES) throw new ValueTooLargeError();
  return bytes;
}

/** Who gets nothing goes the way of `encode`, which says what is too large. */
function writeIfItFits(form: number, value: unknown): Uint8Array | undefined {
  return tryOr(
    () => write(form, value),
    () => undefined,
  );
}

/** @internal Heads come first: the reader makes the objects that placeholders stand for before it meets one. */
export function writeFlat({ heads, root, records }: Flat): Uint8Array {
  return write(FLAT, heads, [root, records]);
}

function readFlat(reader: ValueReader): unknown {
  const heads = reader.readValue() as Head[];
  const shells = heads.map(shellOf);
  reader.resolve = (index) => shells[index]!;
  const [root, records] = reader.readValue() as [unknown, unknown[]];
  shells.forEach((shell, i) => fillShell(shell, heads[i]!, records[i]));
  return root;
}

function fromFields(fields: Readonly<Record<string, Column | NodeJS.TypedArray>>): Fields {
  const given = Object.entries(fields);
  return Object.fromEntries(
    given.map(([name, field]) => [name, ArrayBuffer.isView(field) ? field : fromColumn(field)]),
  );
}

function isTooLarge(cause: unknown): boolean {
  if (cause instanceof ValueTooLargeError) return true;
  return cause instanceof Error && (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
}
