import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { from, range, SerializationError, TaskError, textLines, type Dataset } from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { caught, fixture, harness } from './harness.js';

const shared = harness();

interface Throwers {
  throwers: Record<string, () => unknown>;
  throwing(names: Dataset<string>): Dataset<unknown>;
  failing(numbers: Dataset<number>): Dataset<number>;
}
let { throwers, throwing, failing } = {} as Throwers;
beforeAll(async () => {
  const path = '../fixtures/throwers.mjs';
  ({ throwers, throwing, failing } = (await import(path)) as Throwers);
});

const values: [string, unknown][] = [
  ['BigInt', [0n, -(2n ** 200n)]],
  ['Map', new Map<unknown, unknown>([[{ a: 1 }, new Map([[NaN, -0]])]])],
  ['Set', new Set([1, '1', new Set([undefined])])],
  ['Date', [new Date(5), new Date(NaN)]],
  ['numbers', [NaN, 0, -0, Infinity, -Infinity, 2 ** -1074]],
  ['texts', ['', 'é😀', '\ud800', '__proto__']],
  ['nothing', [null, undefined, [], {}]],
  ['typed arrays', [new Float64Array([0.1, -0]), new BigInt64Array([-1n]), new Uint8Array(0)]],
  ['Buffer', Buffer.from('héllo')],
  ['ArrayBuffer', new Uint8Array([1, 2]).buffer],
  ['RegExp', /a.b/giu],
  ['sparse arrays', [, 1, , undefined, ,]], // eslint-disable-line no-sparse-arrays
  ['keys that look like a prototype', JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')],
];

const holder = (thing: unknown): unknown => ({ handlers: [1, { thing }] });
const refused: [string, unknown, RegExp][] = [
  ['a function', () => 1, /is a function/],
  ['a symbol', Symbol('s'), /is a symbol/],
  ['a promise', Promise.resolve(1), /is a promise/],
  ['an instance of a class', new (class Account {})(), /is an instance of Account/],
  ['a WeakMap', new WeakMap(), /is a WeakMap/],
  ['a generator', (function* () {})(), /is a generator/],
  ['a Proxy', new Proxy({}, {}), /is a Proxy/],
  ['shared memory', new SharedArrayBuffer(1), /is a SharedArrayBuffer/],
];

describe.each([0, 1, 2])('in %d processes', (processes) => {
  const options = (): object => shared.options(processes);

  it.each(values)('%s: survives the way to a child and back', async (_, value) => {
    const [there, beside] = await from([value, { value }])
      .map((record) => record)
      .toArray()
      .run(options());
    expectSame(there, value);
    expectSame((beside as { value: unknown }).value, value);
  });

  it('values made in a child survive as keys, partial results and pairs', async () => {
    const made = await range(3)
      .map((n) => [new Date(n), { big: 2n ** 70n + BigInt(n), list: [, n] }] as const) // eslint-disable-line no-sparse-arrays
      .groupByKey()
      .map(([key, group]) => [key, [...group]] as const)
      .toArray()
      .run(options());
    const sorted = made.sort(([a], [b]) => Number(a) - Number(b));
    // eslint-disable-next-line no-sparse-arrays
    expectSame(sorted, [0, 1, 2].map((n) => [new Date(n), [{ big: 2n ** 70n + BigInt(n), list: [, n] }]])); // prettier-ignore
    const folded = await from([new Set([1]), new Set([NaN])])
      .reduce((a, b) => new Set([...a, ...b]))
      .run(options());
    expectSame(folded, new Set([1, NaN]));
  });

  it('errors are values too, with class, name, own properties and cause', async () => {
    class QuotaError extends RangeError {
      code = 'E_QUOTA';
    }
    const error = new QuotaError('too much', { cause: new TypeError('why') });
    const [copy] = await from([error]).map((e) => e).toArray().run(options()); // prettier-ignore
    expect(copy).toBeInstanceOf(Error);
    expect(copy).toMatchObject({ message: 'too much', code: 'E_QUOTA', cause: { message: 'why' } });
    expect(copy!.constructor.name).toBe('QuotaError');
    expect(Object.prototype.toString.call(copy!.cause)).toBe('[object Error]');
    const [made] = await range(1).map(() => new AggregateError([new URIError('u')], 'a')).toArray().run(options()); // prettier-ignore
    expect(made!.errors).toMatchObject([{ name: 'URIError', message: 'u' }]);
  });

  it('cycles and shared references of one record hold', async () => {
    const record: Record<string, unknown> = { shared: { n: 1 } };
    Object.assign(record, { self: record, again: [record.shared] });
    const [copy] = await from([record]).map((r) => r).toArray().run(options()); // prettier-ignore
    expect(copy!.self).toBe(copy);
    expect((copy!.again as unknown[])[0]).toBe(copy!.shared);
  });

  it.each(refused)('%s is refused in the input, by its path', async (_, thing, why) => {
    const error = await caught(
      from([1, holder(thing)])
        .count()
        .run(options()),
    );
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ path: 'input[1].handlers[1].thing' });
    expect((error as Error).message).toMatch(why);
  });

  it.each(refused)('%s is refused in a result, by its path', async (name, _, why) => {
    const plan = from(['fine', name]).map((kind) => {
      const things: Record<string, () => unknown> = {
        fine: () => 1,
        'a function': () => () => 1,
        'a symbol': () => Symbol('s'),
        'a promise': () => Promise.resolve(1),
        'an instance of a class': () => new (class Account {})(),
        'a WeakMap': () => new WeakMap(),
        'a generator': () => (function* () {})(),
        'a Proxy': () => new Proxy({}, {}),
        'shared memory': () => new SharedArrayBuffer(1),
      };
      return { handlers: [1, { thing: things[kind]!() }] };
    });
    const error = await caught(plan.toArray().run(shared.options(processes, { chunkSize: 2 })));
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ path: 'result[1].handlers[1].thing' });
    expect((error as Error).message).toMatch(why);
    // A partial result has to cross as well.
    const folded = await caught(plan.reduce((a, b) => [a, b] as never).run(options()));
    expect(folded).toBeInstanceOf(SerializationError);
  });

  it.each([
    ['flatMap', () => range(60).flatMap((n) => (n === 57 ? [1, { handler() {} }] : [n, n])), 15],
    ['filter', () => range(60).filter((n) => n !== 54).map((n) => (n === 57 ? { handler() {} } : n)), 6], // prettier-ignore
    ['mapPartitions', () => range(60).mapPartitions((all) => [...all].map((n) => (n === 57 ? { handler() {} } : n))), 7], // prettier-ignore
  ])('after %s its place is that in what its chunk gives', async (_, dataset, index) => {
    const plan = (dataset() as Dataset<unknown>).toArray();
    const error = await caught(plan.run(shared.options(processes, { chunkSize: 10 })));
    expect(error).toMatchObject({ name: 'SerializationError', path: 'record.handler' });
    expect((error as Error).message).toBe(
      'record.handler is a function: return plain data instead, a function cannot leave its process ' +
        `(at index ${index} of what chunk 5 gives: { handler: [Function: handler] })`,
    );
  });

  it('counts from the first record where nothing is left out before it', async () => {
    const plan = range(60).map((n) => (n === 57 ? { handler() {} } : n)).toArray(); // prettier-ignore
    const options = shared.options(processes, { chunkSize: 10 });
    expect(await caught(plan.run(options))).toMatchObject({ path: 'result[57].handler' });
    const skipping = await caught(plan.run({ ...options, onError: 'skip' }));
    expect(skipping).toMatchObject({ path: 'record.handler' });
    const second = range(60).union(range(5).map((n) => (): number => n)).toArray(); // prettier-ignore
    expect(((await caught(second.run(options))) as Error).message).toContain(
      '(at index 0 of what chunk 6 gives',
    );
  });

  const kept = ['zero', 'negative zero', 'the empty text', 'null', 'undefined', 'false', 'NaN', 'bigint'];
  it.each([...kept, 'plain data', 'symbol'])('a thrown %s is the cause itself', async (name) => {
    const error = await caught(
      throwing(from([name]))
        .toArray()
        .run(options()),
    );
    expect(error).toBeInstanceOf(TaskError);
    expectSame((error as Error).cause, throwers[name]!());
  });

  it('a thrown function is described, and so is an instance that is no error', async () => {
    const cause = async (name: string): Promise<unknown> =>
      (
        (await caught(
          throwing(from([name]))
            .toArray()
            .run(options()),
        )) as Error
      ).cause;
    expect(await cause('function')).toBe('[Function: handler]');
    expect(await cause('instance')).toMatchObject({ reason: 'not an error' });
    expect((await cause('instance'))!.constructor.name).toBe('Refusal');
  });

  it.each<[string, (cause: Error & Record<string, unknown>) => void]>([
    [
      'circular',
      (cause) => {
        expect(cause.self).toBe(cause);
        expect((cause.cause as { back: unknown[] }).back[0]).toBe(cause);
      },
    ],
    [
      'hostile',
      (cause) => {
        expect(cause.message).toBe('hostile');
        expect(cause.extra).toMatch(/extra cannot be read: .*a getter that throws/);
      },
    ],
    [
      'bigints',
      (cause) => {
        expect(cause).toMatchObject({ limit: 10n, deep: { list: [1n] } });
      },
    ],
    [
      'five megabytes',
      (cause) => {
        expect(cause.message).toBe('m'.repeat(5_000_000));
      },
    ],
    [
      'aggregate',
      (cause) => {
        expect(cause).toMatchObject({ name: 'AggregateError', message: 'both', cause: 3 });
        expect(cause.errors).toMatchObject([{ name: 'TypeError', message: 'first' }, 'second']);
      },
    ],
    [
      'custom',
      (cause) => {
        expect(cause).toMatchObject({ name: 'QuotaError', code: 'E_QUOTA', quota: { left: 0n } });
        expect(cause.constructor.name).toBe('QuotaError');
        expect(cause.cause).toMatchObject({ name: 'TypeError', message: 'why', cause: { message: 'root' } });
      },
    ],
  ])('an error that is %s arrives whole', async (name, check) => {
    // prettier-ignore
    const error = await caught(throwing(from([name])).toArray().run(options()));
    expect(error).toBeInstanceOf(TaskError);
    const cause = (error as Error).cause as Error & Record<string, unknown>;
    check(cause);
    expect((error as Error).message.length).toBeLessThan(3000);
    expect(cause.stack).toContain('throwers.mjs:');
  });

  it.each([
    ['unreadable', /map threw .*a getter that throws.* \(chunk 0 at record 0: 'unreadable'\)/],
    ['trap', /map threw .* \(chunk 0 at record 0: 'trap'\)/],
  ])(
    'an error that is %s is a failure of its record, not the death of its process',
    async (name, message) => {
      // prettier-ignore
      const error = await caught(throwing(from([name])).toArray().run(options()));
      expect(error).toBeInstanceOf(TaskError);
      expect((error as Error).message).toMatch(message);
    },
  );

  it('an error of user code names verb, position, preview, file and line', async () => {
    const lines = readFileSync(fixture('throwers.mjs'), 'utf8').split('\n');
    const line = 1 + lines.findIndex((text) => text.includes('// the line of the error'));
    const error = await caught(
      failing(range(30))
        .toArray()
        .run(shared.options(processes, { chunkSize: 10 })),
    );
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ verb: 'map', chunk: 1, index: 13, preview: '13' });
    expect((error as Error).message).toMatch(/map threw RangeError: thirteen \(chunk 1 at record 13: 13\)/);
    expect((error as Error).stack).toContain(`throwers.mjs:${line}:`);
    expect(((error as Error).cause as Error).stack).toContain(`throwers.mjs:${line}:`);
  });

  it('an error about a line of a file names file, line and byte', async () => {
    const file = fixture('throwers.mjs');
    const plan = textLines(file).map((line) => {
      if (line.startsWith('class Refusal')) throw new Error('no');
      return line;
    });
    const error = await caught(plan.count().run(shared.options(processes, { chunkBytes: 100 })));
    const before = readFileSync(file, 'utf8').split('class Refusal')[0]!;
    expect(error).toMatchObject({
      file,
      line: before.split('\n').length,
      byte: Buffer.byteLength(before),
      preview: "'class Refusal {'",
    });
  });
});

it('any structured data survives the way to a child and back', async () => {
  const flags = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
  const anything = fc.anything({ ...flags, withSparseArray: true, withBoxedValues: true });
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (records) => {
      const copies = await from(records).map((r) => r).toArray().run(shared.options(2)); // prettier-ignore
      expectSame(copies, records);
    }),
    { numRuns: 60 },
  );
});
