import { deserialize, serialize } from 'node:v8';
import { inspect } from 'node:util';

/** A thrown value, as plain data. Errors refer to each other by index, so that circular causes survive. */
export interface EncodedThrown {
  readonly root: EncodedValue;
  readonly errors: readonly EncodedError[];
}

type EncodedValue =
  | { readonly value: Uint8Array }
  | { readonly symbol: string; readonly registered: boolean }
  | { readonly error: number };

interface EncodedError {
  readonly className: string;
  readonly base: string;
  readonly own: readonly (readonly [name: string, value: EncodedValue, enumerable: boolean])[];
}

const bases: Record<string, new (message?: string) => Error> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};
const MAX_ERRORS = 1000;

/** Never throws, whatever was thrown: parts that cannot cross become a text that describes them. */
export function encodeThrown(thrown: unknown): EncodedThrown {
  const errors: EncodedError[] = [];
  const indices = new Map<unknown, number>();

  function encodeValue(value: unknown): EncodedValue {
    if (typeof value === 'symbol') {
      return { symbol: value.description ?? '', registered: Symbol.keyFor(value) !== undefined };
    }
    if (isError(value)) return encodeError(value);
    if (Array.isArray(value) && value.some(isError)) return { value: serialize(value.map(describe)) };
    try {
      return { value: serialize(value) };
    } catch {
      return { value: serialize(describe(value)) };
    }
  }

  function encodeError(error: Error): EncodedValue {
    const known = indices.get(error);
    if (known !== undefined) return { error: known };
    if (errors.length >= MAX_ERRORS) return { value: serialize(describe(error)) };
    const index = errors.length;
    indices.set(error, index);
    const own: [string, EncodedValue, boolean][] = [];
    errors.push({ className: classOf(error), base: baseOf(error), own });
    for (const name of attempt(() => Object.getOwnPropertyNames(error), [])) {
      const enumerable = attempt(() => Object.prototype.propertyIsEnumerable.call(error, name), false);
      let value: unknown;
      try {
        value = (error as unknown as Record<string, unknown>)[name];
      } catch (failure) {
        value = `[getter threw: ${describe(failure)}]`;
      }
      if (name === 'errors' && Array.isArray(value)) {
        value.forEach((member, i) => own.push([`errors.${i}`, encodeValue(member), false]));
      } else own.push([name, encodeValue(value), enumerable]);
    }
    for (const name of ['name', 'message']) {
      const inherited: unknown = attempt(() => (error as unknown as Record<string, unknown>)[name], '');
      if (!own.some(([key]) => key === name)) own.push([name, encodeValue(inherited), false]);
    }
    return { error: index };
  }

  return { root: encodeValue(thrown), errors };
}

/** The thrown value again: errors are instances of their built-in class, under the name of their own. */
export function decodeThrown({ root, errors }: EncodedThrown): unknown {
  const rebuilt = errors.map(({ className, base }) => {
    const Base = bases[base] ?? Error;
    if (className === base) return new Base();
    const named = { [className]: class extends Base {} }[className]!;
    return new named();
  });
  const decodeValue = (encoded: EncodedValue): unknown => {
    if ('error' in encoded) return rebuilt[encoded.error];
    if ('symbol' in encoded) return encoded.registered ? Symbol.for(encoded.symbol) : Symbol(encoded.symbol);
    return deserialize(encoded.value);
  };
  errors.forEach(({ own }, i) => {
    const error = rebuilt[i]!;
    const members: unknown[] = [];
    for (const [name, encoded, enumerable] of own) {
      const value = decodeValue(encoded);
      if (name.startsWith('errors.')) members.push(value);
      else Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
    }
    if (members.length > 0)
      Object.defineProperty(error, 'errors', { value: members, writable: true, configurable: true });
  });
  return decodeValue(root);
}

/** A short, one-line rendering of any value, without control characters: safe on a terminal. */
export function preview(value: unknown, limit = 200): string {
  const text = attempt(
    () =>
      inspect(value, {
        depth: 2,
        breakLength: Infinity,
        maxStringLength: limit,
        maxArrayLength: 20,
        customInspect: false,
      }),
    '[unprintable]',
  );
  const clean = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

function describe(value: unknown): string {
  return preview(value, 1000);
}

function isError(value: unknown): value is Error {
  return attempt(
    () => value instanceof Error || Object.prototype.toString.call(value) === '[object Error]',
    false,
  );
}

function classOf(error: Error): string {
  return attempt(() => (Object.getPrototypeOf(error) as Error).constructor.name || 'Error', 'Error');
}

function baseOf(error: Error): string {
  return attempt(() => {
    let prototype: unknown = Object.getPrototypeOf(error);
    for (let i = 0; i < 100 && prototype; i += 1) {
      const { name } = (prototype as Error).constructor;
      if (name in bases) return name;
      prototype = Object.getPrototypeOf(prototype);
    }
    return 'Error';
  }, 'Error');
}

function attempt<R>(action: () => R, otherwise: R): R {
  try {
    return action();
  } catch {
    return otherwise;
  }
}
