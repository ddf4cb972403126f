import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError } from '../../src/errors.js';
import { from } from '../../src/api/from.js';
import { decode, encode } from '../../src/values/codec.js';

function refusalOf(value: unknown, root = 'result', firstIndex?: number): SerializationError {
  try {
    encode(value, root, firstIndex);
  } catch (error) {
    expect(error).toBeInstanceOf(SerializationError);
    const refusal = error as SerializationError;
    expect(refusal.message.startsWith(`${refusal.path} `)).toBe(true);
    return refusal;
  }
  throw new Error('not refused');
}

class Point {
  x = 1;
}
class Cache extends Map {}
class Row extends Array {}
class Day extends Date {}
class Bytes extends Uint8Array {}
// eslint-disable-next-line prefer-rest-params
const argumentsOf = function (..._: number[]): IArguments { return arguments; }; // prettier-ignore
const detached = new ArrayBuffer(8);
structuredClone(detached, { transfer: [detached] });

describe('encode', () => {
  it.each<[string, unknown, RegExp]>([
    ['a function', () => 1, /^result is a function: return plain data/],
    ['a class', Point, /^result is a function: return plain data/],
    ['a symbol', Symbol('s'), /^result is a symbol: return plain data/],
    ['a promise', Promise.resolve(1), /^result is a promise: use mapAsync$/],
    ['a WeakMap', new WeakMap(), /^result is a WeakMap: return a Map$/],
    ['a WeakSet', new WeakSet(), /^result is a WeakSet: return a Set$/],
    ['a WeakRef', new WeakRef({}), /^result is a WeakRef: return the object/],
    ['a Proxy', new Proxy({}, {}), /^result is a Proxy: return a plain copy$/],
    ['the Proxy of an array', new Proxy([1], {}), /^result is a Proxy/],
    ['a generator', (function* () {})(), /^result is a generator: return an array/],
    ['an async generator', (async function* () {})(), /^result is a generator: return an array/],
    ['an iterator', [1].values(), /^result is an iterator: return an array/],
    ['a SharedArrayBuffer', new SharedArrayBuffer(8), /^result is a SharedArrayBuffer/],
    [
      'a view of shared memory',
      new Int8Array(new SharedArrayBuffer(8)),
      /^result is a view of a SharedArrayBuffer/,
    ],
    ['a detached buffer', detached, /^result is a detached ArrayBuffer/],
    ['a class instance', new Point(), /^result is an instance of Point: return a plain object$/],
    ['a dataset', { d: from([1]) }, /^result\.d is a dataset: run it first$/],
    ['an anonymous instance', new (class {})(), /^result is an instance of a class without a name/],
    [
      'an object that inherits',
      Object.create({ a: 1 }),
      /^result has a prototype that is not Object.prototype/,
    ],
    ['a bare typed array', Object.setPrototypeOf(new Int8Array(1), null), /^result has a prototype that/],
    ['an object that only looks like a Map', Object.create(Map.prototype), /^result is an instance of Map/],
    ['a URL', new URL('http://a.b'), /^result is an instance of URL: return a plain object$/],
    ['a subclass of Map', new Cache(), /^result is an instance of Cache: return a plain Map$/],
    ['a subclass of Array', new Row(), /^result is an instance of Row: return a plain array$/],
    ['a subclass of Date', new Day(), /^result is an instance of Day: return a plain Date$/],
    ['a subclass of a typed array', new Bytes(1), /^result is an instance of Bytes: return/],
    ['a symbol as a key', { [Symbol('id')]: 1 }, /^result\[Symbol\(id\)\] has a symbol as its key/],
    [
      'a property on a Map',
      Object.assign(new Map(), { size2: 1 }),
      /^result\.size2 is a property of its own on a Map/,
    ],
    [
      'a property on a Date',
      Object.assign(new Date(), { zone: 1 }),
      /^result\.zone is a property of its own on a Date/,
    ],
    ['arguments', argumentsOf(1, 2), /^result is an arguments object/],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf(value).message).toMatch(message);
    expect(refusalOf([1, { deep: value }]).path).toMatch(/^result\[1\]\.deep/);
    // Beside an error a value takes another way.
    expect(refusalOf([new Error('x'), value]).path).toMatch(/^result\[1\]/);
  });

  it.each<[string, unknown]>([
    ['result[0].handler', [{ handler: () => 1 }]],
    ['result["a b"].ünï["1a"]', { 'a b': { ünï: { '1a': () => 1 } } }],
    ['result["say \\"hi\\""]', { 'say "hi"': () => 1 }],
    ['result.get("key").f', new Map([['key', { f: () => 1 }]])],
    ['result.get(7)', new Map([[7, () => 1]])],
    ['result.get({ a: 1 })', new Map([[{ a: 1 }, () => 1]])],
    ['result.keys()[1]', new Map<unknown, unknown>([[1, 1], [() => 1, 2]])], // prettier-ignore
    ['result.values()[2]', new Set([1, 2, () => 1])],
    ['result[1].extra', [1, Object.assign([1], { extra: () => 1 })]],
    [
      'result.extra',
      Object.assign(
        Array.from({ length: 5000 }, (_, i) => i),
        { extra: new Point() },
      ),
    ],
  ])('names the path %s', (path, value) => {
    expect(refusalOf(value).path).toBe(path);
  });

  it('counts the index of a top-level array, and of no other, from firstIndex', () => {
    expect(refusalOf([0, [0, () => 1]], 'input', 100).path).toBe('input[101][1]');
  });

  it('says pass, not return, for what is not a result', () => {
    expect(refusalOf(new Point(), 'arguments[0]').message).toBe(
      'arguments[0] is an instance of Point: pass a plain object',
    );
    expect(refusalOf(Promise.resolve(), 'input').message).toBe('input is a promise: await it first');
  });

  it('names the first of several culprits', () => {
    expect(refusalOf([1, { a: { b: () => 1 } }, Symbol('x')]).path).toBe('result[1].a.b');
  });

  it('finds a culprit in a cycle, behind deep nesting, and in the last of many records', () => {
    const cycle: Record<string, unknown> = { a: {} };
    cycle['self'] = cycle;
    cycle['z'] = () => 1;
    expect(refusalOf(cycle).path).toBe('result.z');

    let deep: unknown = () => 1;
    for (let i = 0; i < 5000; i += 1) deep = [deep];
    expect(refusalOf(deep).path).toMatch(/^result(\[0\]){19} … (\[0\]){20}$/);

    const records: unknown[] = Array.from({ length: 20_000 }, () => ({}));
    records.push(Symbol('last'));
    expect(refusalOf(records).path).toBe('result[20000]');
  });

  it('reports a getter that throws, with its path and cause', () => {
    const cause = new Error('not yet');
    const value = {
      list: [
        {
          get lazy() {
            throw cause;
          },
        },
      ],
    };
    const refusal = refusalOf(value);
    expect(refusal.message).toBe('result.list[0].lazy has a getter that throws: [Error: not yet]');
    expect(refusal.cause).toBe(cause);
  });

  it('refuses a proxy whose traps throw', () => {
    const traps = new Proxy({}, { get: () => () => { throw null; } }) as ProxyHandler<object>; // prettier-ignore
    expect(refusalOf({ a: new Proxy({}, traps) }).path).toBe('result.a');
  });

  it('takes hidden properties and a polluted Object.prototype for no culprits', () => {
    const value = Object.defineProperty({ a: 1 }, Symbol('hidden'), { value: () => 1 });
    Object.defineProperty(Object.prototype, 'polluted', {
      value: () => 1,
      enumerable: true,
      configurable: true,
    });
    try {
      expect(JSON.stringify(decode(encode([value, /x/, new Map()], 'result')))).toBe('[{"a":1},{},{}]');
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted;
    }
  });

  it('refuses what is larger than a message can be, with the remedy', () => {
    // Refused before a byte is copied; untouched zeros take no memory.
    expect(refusalOf([new Uint8Array(2 ** 31)]).message).toBe(
      'result is larger than 2 GiB, the most that can cross: lower chunkSize or chunkBytes',
    );
  });

  it('refuses a function wherever it is in a value (property)', () => {
    const wrap = fc.constantFrom<(inner: unknown) => unknown>(
      (inner) => [1, inner],
      (inner) => ({ a: 1, inner }),
      (inner) => new Map([[1, inner]]),
      (inner) => new Map([[inner, 1]]),
      (inner) => new Set([inner]),
      (inner) => Object.assign([1], { inner }),
    );
    fc.assert(
      fc.property(
        fc.array(wrap, { maxLength: 80 }),
        fc.constantFrom<unknown>(() => 1, new Point()),
        (wraps, culprit) => {
          refusalOf(wraps.reduce((inner, outer) => outer(inner), culprit));
        },
      ),
    );
  });
});

describe('the path of a refusal', () => {
  const thing = (): number => 1;
  const clear = '\u001b]0;pwn\u0007';
  const reversing = '\u202ecod.exe';

  it.each<[string, unknown, string]>([
    ['a property', { [clear]: thing }, 'result["\\u001b]0;pwn\\u0007"]'],
    ['a property that reverses', { [reversing]: thing }, 'result["\\u202ecod.exe"]'],
    ['a key of a Map', new Map([[reversing, thing]]), 'result.get("\\u202ecod.exe")'],
    ['a C1 control', { '\u009b2J': thing }, 'result["\\x9b2J"]'],
  ])('escapes what a terminal would obey in %s', (_, value, path) => {
    expect(refusalOf(value).path).toBe(path);
  });

  it('is short, whatever the names are', () => {
    expect(refusalOf({ ['n'.repeat(1e6)]: thing }).path).toBe(`result["${'n'.repeat(99)}…"]`);
    let deep: unknown = thing;
    for (let level = 0; level < 100; level += 1) deep = { [`${clear}${'n'.repeat(1000)}`]: deep };
    expect(refusalOf(deep).message.length).toBeLessThan(500);
    const named = Object.defineProperty(class {}, 'name', { value: clear.repeat(1000) });
    const { message } = refusalOf(new named());
    expect(message.length).toBeLessThan(500);
    expect(message).not.toContain('\u001b');
  });
});
