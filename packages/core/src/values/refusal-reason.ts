import { types } from 'node:util';
import { brand } from '../shared-state.js';
import { kindOf } from './kind.js';
import { escapeControls } from './preview.js';

/** What every dataset has. */
const DATASET = brand('dataset');

/**
 * Why this value, apart from what is inside it, cannot cross: `is a function: return plain data ...`; `undefined` if
 * it can.
 *
 * @param verb What the user does with the value, `return` or `pass`; the remedy says it.
 */
export function reasonAgainst(value: unknown, verb: string): string | undefined {
  switch (typeof value) {
    case 'function':
      return `is a function: ${verb} plain data instead, a function cannot leave its process`;
    case 'symbol':
      return `is a symbol: ${verb} plain data instead, such as a string`;
    case 'object':
      return value === null ? undefined : reasonAgainstObject(value, verb);
    default:
      return undefined;
  }
}

function reasonAgainstObject(value: object, verb: string): string | undefined {
  if (types.isProxy(value)) return `is a Proxy: ${verb} a plain copy`;
  if (types.isPromise(value))
    return verb === 'return' ? 'is a promise: use mapAsync' : 'is a promise: await it first';
  if (types.isWeakMap(value)) return `is a WeakMap: ${verb} a Map`;
  if (types.isWeakSet(value)) return `is a WeakSet: ${verb} a Set`;
  if (types.isGeneratorObject(value)) return `is a generator: ${verb} an array, as in [...generator]`;
  if (types.isSharedArrayBuffer(value)) return `is a SharedArrayBuffer: ${verb} a copy of its bytes`;
  if (types.isModuleNamespaceObject(value)) return `is a module: ${verb} plain data instead`;
  if (types.isArgumentsObject(value)) return `is an arguments object: ${verb} an array, as in [...arguments]`;
  const kind = kindOf(value);
  if (kind === undefined) return reasonAgainstInstance(value, verb);
  if (kind === 'view') return reasonAgainstBytes((value as Uint8Array).buffer, 'a view of a', verb);
  if (kind === 'ArrayBuffer') return reasonAgainstBytes(value as ArrayBuffer, 'a', verb);
  return undefined;
}

function reasonAgainstBytes(buffer: ArrayBufferLike, what: string, verb: string): string | undefined {
  if (types.isSharedArrayBuffer(buffer))
    return `is ${what} SharedArrayBuffer: ${verb} a copy, as in .slice()`;
  return isDetached(buffer)
    ? `is ${what} detached ArrayBuffer: ${verb} one that was not transferred`
    : undefined;
}

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    return new Uint8Array(buffer).byteLength > 0;
  } catch {
    return true;
  }
}

function reasonAgainstInstance(value: object, verb: string): string {
  if (DATASET in value) {
    return verb === 'return'
      ? 'is a dataset: run it first'
      : 'is a dataset: give it by itself, as an argument of a job';
  }
  const name = className(value);
  if (name === 'WeakRef') return `is a WeakRef: ${verb} the object that it refers to`;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag.endsWith('Iterator')) return `is an iterator: ${verb} an array, as in [...iterator]`;
  if (name === undefined) return `has a prototype that is not Object.prototype: ${verb} a plain object`;
  return `is an instance of ${name}: ${verb} a plain ${builtInClass(value)}`;
}

function builtInClass(value: object): string {
  if (types.isMap(value)) return 'Map';
  if (types.isSet(value)) return 'Set';
  if (types.isDate(value)) return 'Date';
  if (types.isRegExp(value)) return 'RegExp';
  return Array.isArray(value) ? 'array' : 'object';
}

function className(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  const constructor = prototype?.constructor;
  if (typeof constructor !== 'function' || constructor.prototype !== prototype) return undefined;
  return typeof constructor.name === 'string' && constructor.name !== ''
    ? escapeControls(constructor.name.slice(0, 100))
    : 'a class without a name';
}
