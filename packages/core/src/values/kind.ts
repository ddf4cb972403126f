import { Buffer } from 'node:buffer';
import { types } from 'node:util';

/** What crosses as itself. `view` is a typed array, a `DataView` or a `Buffer`. */
export type Kind =
  | 'Object'
  | 'Array'
  | 'Map'
  | 'Set'
  | 'Date'
  | 'RegExp'
  | 'ArrayBuffer'
  | 'view'
  | 'Boolean'
  | 'Number'
  | 'String'
  | 'BigInt'
  | 'Error';

// A prototype tells the class, a test tells whether the object really has its insides: `Object.create(Map.prototype)`
// has not.
const tests: Record<Kind, (value: object) => boolean> = {
  Object: () => true,
  Array: Array.isArray,
  Map: types.isMap,
  Set: types.isSet,
  Date: types.isDate,
  RegExp: types.isRegExp,
  ArrayBuffer: types.isArrayBuffer,
  view: ArrayBuffer.isView,
  Boolean: types.isBooleanObject,
  Number: types.isNumberObject,
  String: types.isStringObject,
  BigInt: types.isBigIntObject,
  Error: () => true,
};

const kindsWithInsides = (Object.keys(tests) as Kind[]).filter(
  (kind) => kind !== 'Object' && kind !== 'Error',
);

const errorNames = [
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
  'SuppressedError',
  'DOMException',
];
const viewNames = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

/** A getter of `--frozen-intrinsics`. */
interface Frozen {
  readonly value?: unknown;
}

interface BuiltIn {
  readonly kind: Kind;
  readonly name: string;
}

// Built-in prototypes of any realm (`node:vm`, jest), remembered once they were recognized; `undefined`: not built in.
const known = new WeakMap<object, BuiltIn | undefined>();
known.set(Buffer.prototype as object, { kind: 'view', name: 'Buffer' });
known.set(DOMException.prototype, { kind: 'Error', name: 'DOMException' });

/**
 * The kind of an object that crosses as itself; `undefined` for an instance of any other class. Realm-agnostic.
 * May throw whatever a proxy throws.
 */
export function kindOf(value: object): Kind | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return kindWithoutPrototype(value);
  const kind = builtInOf(prototype)?.kind;
  if (kind !== undefined && kind !== 'Object' && tests[kind](value)) return kind;
  if (types.isNativeError(value)) return 'Error';
  if (kind !== undefined) return kind === 'Object' ? kind : undefined;
  return errorBase(value) === undefined ? undefined : 'Error';
}

function kindWithoutPrototype(value: object): Kind | undefined {
  if (types.isNativeError(value)) return 'Error';
  if (ArrayBuffer.isView(value)) return undefined; // its length and buffer are known to its prototype only
  return kindsWithInsides.find((kind) => tests[kind](value)) ?? 'Object';
}

/** Whether an object is more than its properties, whatever its prototype says. */
export function hasInsides(value: object): boolean {
  return types.isNativeError(value) || kindsWithInsides.some((kind) => tests[kind](value));
}

/** The name of the nearest built-in class of an error, such as `RangeError`; `undefined` for what is not an error. */
export function errorBase(value: object): string | undefined {
  let prototype = Object.getPrototypeOf(value) as object | null;
  // The bound is for proxies, whose chain may have no end.
  for (let i = 0; prototype !== null && i < 1000; i += 1) {
    const builtIn = builtInOf(prototype);
    if (builtIn?.kind === 'Error') return builtIn.name;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return types.isNativeError(value) ? 'Error' : undefined;
}

/** The name of the built-in class whose prototype this is. */
export function builtInName(prototype: object): string | undefined {
  return builtInOf(prototype)?.name;
}

function builtInOf(prototype: object): BuiltIn | undefined {
  const recognized = known.get(prototype);
  if (recognized !== undefined || known.has(prototype)) return recognized;
  const builtIn = recognize(prototype);
  known.set(prototype, builtIn);
  return builtIn;
}

function recognize(prototype: object): BuiltIn | undefined {
  const described = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  // Where intrinsics are frozen, a getter gives it, which shows the value to whoever asks for it.
  const constructor: unknown = described?.value ?? (described?.get as Frozen | undefined)?.value;
  if (typeof constructor !== 'function' || types.isProxy(constructor) || constructor.prototype !== prototype)
    return;
  const name: unknown = Object.getOwnPropertyDescriptor(constructor, 'name')?.value;
  if (typeof name !== 'string') return;
  if (Function.prototype.toString.call(constructor) !== `function ${name}() { [native code] }`) return;
  if (viewNames.includes(name)) return { kind: 'view', name };
  if (errorNames.includes(name)) return { kind: 'Error', name };
  return Object.hasOwn(tests, name) && name !== 'view' ? { kind: name as Kind, name } : undefined;
}
