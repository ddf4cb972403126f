import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../src/errors.js';
import { decode, encode } from '../../src/values/codec.js';
import { decodeThrown, encodeThrown } from '../../src/values/error-codec.js';
import { expectSame } from './expect-same.js';
import { hostile } from './hostile.js';

// An error crosses by structured cloning, then the decoder.
function cross<T>(thrown: T): T {
  return decodeThrown(structuredClone(encodeThrown(thrown))) as T;
}

class HttpError extends TypeError {
  readonly code = 'E_HTTP';
  constructor(
    message: string,
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HttpError';
  }
}

describe('encodeThrown and decodeThrown', () => {
  it.each<[unknown]>([[0], [-0], [NaN], [''], ['text'], [null], [undefined], [false], [10n], ['\ud800']])(
    'keep a thrown %p',
    (thrown) => {
      expect(Object.is(cross(thrown), thrown)).toBe(true);
    },
  );

  it('rebuild symbols: registered and well-known ones as such, others with their description', () => {
    expect(cross(Symbol.for('app.stop'))).toBe(Symbol.for('app.stop'));
    expect(cross(Symbol.iterator)).toBe(Symbol.iterator);
    expect(cross(Symbol('local')).description).toBe('local');
    expect(cross(Symbol()).description).toBeUndefined();
    expect(cross(Symbol('Symbol.iterator'))).not.toBe(Symbol.iterator);
  });

  it('describe functions and other things that cannot cross', () => {
    expect(cross<unknown>(function stop() {})).toBe('[Function: stop]');
    expect(cross<unknown>(class Stop {})).toBe('[class Stop]');
    expect(cross<unknown>(Promise.resolve(1))).toMatch(/^Promise { 1/);
  });

  it('keep plain data, with texts in place of what cannot cross', () => {
    const thrown = { status: 404n, at: new Date(0), map: new Map([[1, new Set([NaN])]]) };
    expectSame(cross(thrown), thrown);
    const mixed = {
      f: function handler() {},
      s: Symbol('x'),
      p: { deep: [new URL('http://a.b')] },
      [Symbol('k')]: 1,
    };
    expectSame(cross(mixed), {
      f: '[Function: handler]',
      s: 'Symbol(x)',
      p: { deep: ['URL {}'] },
      'Symbol(k)': 1,
    });
  });

  it('keep class name and properties of a thrown instance that is no error', () => {
    class Failure {
      code = 7;
      bytes = Buffer.from('x');
    }
    const copy = cross(new Failure());
    expect(copy.constructor.name).toBe('Failure');
    expect(copy.code).toBe(7);
    expect(copy.bytes.toString()).toBe('x');
  });

  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])(
    'rebuild a %p of the very class, with its own stack and no more properties',
    (Class) => {
      const thrown = new Class('message');
      const copy = cross(thrown);
      expect(Object.getPrototypeOf(copy)).toBe(Class.prototype);
      expect(copy.message).toBe('message');
      expect(copy.stack).toBe(thrown.stack);
      expect(Object.keys(copy)).toEqual([]);
      expect(Object.getOwnPropertyNames(copy).sort()).toEqual(['message', 'stack']);
      expect(String(copy)).toBe(String(thrown));
    },
  );

  it('keep class name, name, code, own properties and cause of a custom class', () => {
    const cause = new RangeError('deep', { cause: { plain: 1n } });
    const copy = cross(new HttpError('no page', 404, { cause }));
    expect(copy).toBeInstanceOf(TypeError);
    expect(copy.constructor.name).toBe('HttpError');
    expect(Object.prototype.toString.call(copy)).toBe('[object Error]');
    expect(copy).toMatchObject({ name: 'HttpError', message: 'no page', code: 'E_HTTP', status: 404 });
    expect(Object.getOwnPropertyDescriptor(copy, 'cause')!.enumerable).toBe(false);
    expect(copy.cause).toBeInstanceOf(RangeError);
    expectSame((copy.cause as Error).cause, { plain: 1n });
    expect(Object.hasOwn(copy.cause as Error, 'code')).toBe(false);
    expect(cross(new HttpError('', 1)).constructor).toBe(copy.constructor);
  });

  it('keep name and code that come from the prototype', () => {
    class Inherited extends Error {
      override get name(): string {
        return 'FromGetter';
      }
      get code(): string {
        return 'E_GETTER';
      }
    }
    const copy = cross(new Inherited('m'));
    expect([copy.name, copy.code, Object.keys(copy).length]).toEqual(['FromGetter', 'E_GETTER', 0]);
    expect(String(copy)).toBe('FromGetter: m');
  });

  it('have a cause only where there was one, and keep an undefined one', () => {
    expect('cause' in cross(new Error('x'))).toBe(false);
    const copy = cross(new Error('x', { cause: undefined }));
    expect(Object.hasOwn(copy, 'cause')).toBe(true);
  });

  it('keep circular causes and errors that share one', () => {
    const thrown = new Error('a', { cause: new Error('b') });
    (thrown.cause as Error).cause = thrown;
    const copy = cross(thrown);
    expect((copy.cause as Error).cause).toBe(copy);
    const shared = new Error('shared');
    const both = cross(new AggregateError([shared, { reason: shared }], 'both', { cause: shared }));
    expect(both).toBeInstanceOf(AggregateError);
    expect(both.errors[0]).toBe(both.cause);
    expect((both.errors[1] as { reason: unknown }).reason).toBe(both.cause);
    expect(Object.keys(both)).toEqual([]);
  });

  it('keep a chain of 2,000 causes', () => {
    let thrown = new Error('0');
    for (let i = 1; i < 2000; i += 1) thrown = new Error(String(i), { cause: thrown });
    let depth = 1;
    for (let at: unknown = cross(thrown); (at as Error).cause !== undefined; at = (at as Error).cause)
      depth += 1;
    expect(depth).toBe(2000);
  });

  it('keep symbols, thrown as causes or kept as properties and keys', () => {
    const thrown = Object.assign(new Error('x', { cause: Symbol.for('c') }), {
      tag: Symbol.for('t'),
      [Symbol.for('k')]: 1,
    });
    const copy = cross(thrown);
    expect([copy.cause, copy.tag, copy[Symbol.for('k') as never]]).toEqual([
      Symbol.for('c'),
      Symbol.for('t'),
      1,
    ]);
  });

  it('keep what JSON loses in properties, describe what cannot cross, and drop an own toString', () => {
    const extra = {
      big: 1n,
      map: new Map([[1, 2]]),
      f() {},
      socket: new (class Socket {})(),
      nested: [new TypeError('n')],
    };
    const copy = cross(Object.assign(new Error('x'), extra, { toString: () => 'own' }));
    expect(copy).toMatchObject({ big: 1n, f: '[Function: f]', socket: 'Socket {}' });
    expect(copy.nested[0]).toBeInstanceOf(TypeError);
    expect(String(copy)).toBe('Error: x');
  });

  it('keep a message of 5 MB whole', () => {
    const message = 'm'.repeat(5_000_000);
    expect(cross(new Error(message)).message).toBe(message);
  });

  it('keep system errors of node', () => {
    let thrown: unknown;
    try {
      readFileSync('/does/not/exist');
    } catch (error) {
      thrown = error;
    }
    const copy = cross(thrown) as NodeJS.ErrnoException;
    expect(copy).toBeInstanceOf(Error);
    expect(copy).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/does/not/exist', errno: -2 });
    try {
      Buffer.alloc('x' as never);
    } catch (error) {
      thrown = error;
    }
    expect(cross(thrown)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    expect(String(cross(thrown))).toMatch(/^TypeError/);
  });

  it('rebuild a DOMException as one', () => {
    const thrown = new DOMException('stopped', 'AbortError');
    const copy = cross(thrown);
    expect(copy).toBeInstanceOf(DOMException);
    expect([copy.name, copy.message, copy.code, copy.stack]).toEqual([
      'AbortError',
      'stopped',
      20,
      thrown.stack,
    ]);
  });

  it('treat errors of forkfold as custom classes', () => {
    const copy = cross(new SourceError('bad line', { file: 'a.txt', line: 3 }));
    expect(copy.constructor.name).toBe('SourceError');
    expect(copy).toMatchObject({ name: 'SourceError', code: 'ERR_FORKFOLD_SOURCE', file: 'a.txt', line: 3 });
  });

  it('know errors of another realm', () => {
    const copy = cross(runInNewContext('new (class Odd extends RangeError {})("elsewhere")') as Error);
    expect(copy).toBeInstanceOf(RangeError);
    expect([copy.constructor.name, copy.message]).toEqual(['Odd', 'elsewhere']);
  });

  it('keep frozen errors, prototype-less ones, and those whose prototype chain is odd', () => {
    expect(cross(Object.freeze(new RangeError('frozen')))).toMatchObject({ message: 'frozen' });
    const orphan = cross(Object.setPrototypeOf(new Error('orphan'), null) as Error);
    expect(orphan).toBeInstanceOf(Error);
    expect(orphan.message).toBe('orphan');
    expect(cross(Object.assign(Object.create(null) as object, { a: 1 }))).toEqual({ a: 1 });
    const old = cross(Object.assign(Object.create(Error.prototype) as Error, { message: 'old style' }));
    expect(old).toBeInstanceOf(Error);
    expect(old.message).toBe('old style');
  });

  it('say what could not be read, and keep the rest', () => {
    const thrown = Object.defineProperty(new Error('readable'), 'lazy', {
      enumerable: true,
      get() {
        throw new Error('not now');
      },
    });
    expect(cross(thrown)).toMatchObject({
      message: 'readable',
      lazy: '[lazy cannot be read: [Error: not now]]',
    });
  });

  it('have message, name and stack that are strings, whatever was thrown', () => {
    const copy = cross(Object.assign(new Error('x'), { message: 5n, name: { odd: 1 } }) as unknown as Error);
    expect([copy.message, copy.name]).toEqual(['5n', '{ odd: 1 }']);
  });

  it('bound what an error drags along', () => {
    interface Node {
      next?: Node;
      list: unknown[];
    }
    const world: Node = { list: [] };
    for (let i = 0, at = world; i < 200_000; i += 1) at = at.next = { list: [at, process] };
    const encoded = encodeThrown(Object.assign(new Error('x'), { world }));
    expect(encoded.bytes.length).toBeLessThan(20_000_000);
    expect((decodeThrown(encoded) as Error).message).toBe('x');
  });

  it('never throw, and give back an error for an error (property)', () => {
    Error.stackTraceLimit = 0; // among them is an endless chain of causes
    for (const thrown of hostile()) {
      const copy = cross(thrown);
      const nested = cross(new Error('outer', { cause: thrown })).cause;
      for (const value of [copy, nested])
        if (value instanceof Error) expect(typeof value.message).toBe('string');
    }
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withBigInt: true, withTypedArray: true }),
        (thrown) => {
          expectSame(cross(thrown), thrown);
          expectSame(cross(Object.assign(new Error('e', { cause: thrown }), { thrown })).cause, thrown);
        },
      ),
    );
  });

  it('never throw for what is no encoding', () => {
    for (const encoded of [undefined, null, {}, { bytes: new Uint8Array([1, 2]), summary: 'it broke' }]) {
      expect(decodeThrown(encoded as never)).toBeInstanceOf(Error);
    }
  });
});

describe('encode', () => {
  it('keeps errors nested anywhere in a value', () => {
    const error = new HttpError('no page', 404, { cause: new Error('why') });
    const value = {
      list: [{ status: 'rejected', reason: error }],
      map: new Map([['e', error]]),
      set: new Set([error]),
    };
    const copy = decode(encode(value, 'result')) as typeof value;
    const rebuilt = copy.list[0]!.reason;
    expect(rebuilt).toBeInstanceOf(TypeError);
    expect(rebuilt).toMatchObject({ name: 'HttpError', code: 'E_HTTP', status: 404, stack: error.stack });
    expect((rebuilt.cause as Error).message).toBe('why');
    expect(copy.map.get('e')).toBe(rebuilt);
    expect([...copy.set][0]).toBe(rebuilt);
  });

  it('keeps an error that refers to the value it is in', () => {
    const value: { error: Error & { owner?: unknown }; n: number } = { error: new Error('x'), n: 1 };
    value.error.owner = value;
    const copy = decode(encode(value, 'result')) as typeof value;
    expect(copy.error.owner).toBe(copy);
  });

  it('keeps all of 3,000 errors with causes', () => {
    const value = Array.from({ length: 3000 }, (_, i) => new Error(`e${i}`, { cause: new Error(`c${i}`) }));
    const copy = decode(encode(value, 'result')) as Error[];
    expect((copy[2999]!.cause as Error).message).toBe('c2999');
  });

  it('refuses a function beside an error, not inside', () => {
    const error = Object.assign(new Error('x'), { handler() {} });
    expect((decode(encode(error, 'result')) as { handler: unknown }).handler).toBe('[Function: handler]');
    expect(() => encode([error, error.handler], 'result')).toThrow('result[1] is a function');
  });
});
