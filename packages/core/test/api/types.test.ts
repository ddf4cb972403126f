/** Types, checked by `npm run check:types`: jest sees none of them and only makes sure that the descriptions can be made. */
import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import {
  byteChunks,
  count,
  createPool,
  defineJob,
  files,
  from,
  histogram,
  jsonLines,
  mapReduce,
  max,
  mean,
  parallelMap,
  range,
  sum,
  textLines,
  topN,
  toSet,
  variance,
  type Aggregated,
  type Aggregator,
  type Dataset,
  type FileInfo,
  type JsonLinesOptions,
  type Plan,
  type Pool,
  type Progress,
  type RankedRecords,
  type RunOptions,
  type SchemaIssue,
  type StandardSchema,
  type Widen,
} from '@forkfold/core';
import { z } from 'zod';

interface Person {
  readonly name: string;
  readonly age: number;
}

type Cents = number & { readonly brand: 'cents' };
// eslint-disable-next-line no-restricted-syntax -- users have them
enum Level {
  Low,
  High,
}

const numbers = range(3);
const words = from(['a', 'b']);
const people = from<Person>([{ name: 'Ada', age: 36 }]);
const pairs = from<[string, number]>([['a', 1]]);
const others = from<[string, Date]>([['a', new Date(0)]]);

describe('the type of', () => {
  it('a source is that of its items', () => {
    expectTypeOf(from([1, 'a'])).toEqualTypeOf<Dataset<number | string>>();
    expectTypeOf(from(new Float64Array(1))).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(from(new BigInt64Array(1))).toEqualTypeOf<Dataset<bigint>>();
    expectTypeOf(from(new Set(['a']))).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(from(new Map([['a', 1]]))).toEqualTypeOf<Dataset<[string, number]>>();
    expectTypeOf(from(['text'])).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(from<Person>).toBeCallableWith({} as AsyncIterable<Person>);
    expectTypeOf(from(new ReadableStream<bigint>())).toEqualTypeOf<Dataset<bigint>>();
    expectTypeOf(from(() => [1])).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(
      from(async function* () {
        yield await Promise.resolve('a');
      }),
    ).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(range(3)).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(range(0, 3, 0.5)).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(textLines('a.txt')).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(textLines([new URL('file:///a.txt'), 'b.txt'])).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(byteChunks('a.txt')).toEqualTypeOf<Dataset<Uint8Array>>();
    expectTypeOf(files('*.txt')).toEqualTypeOf<Dataset<FileInfo>>();
    expectTypeOf<FileInfo>().toEqualTypeOf<{ readonly path: string; readonly size: number }>();
    // @ts-expect-error A number is no iterable.
    expect(() => from(5)).toThrow();
    // @ts-expect-error A path is a text.
    expect(() => textLines(5)).toThrow();
  });

  it('a row is the output of its schema, or what the caller says', () => {
    expectTypeOf(jsonLines('*.jsonl')).toEqualTypeOf<Dataset<unknown>>();
    expectTypeOf(jsonLines('*.jsonl', {})).toEqualTypeOf<Dataset<unknown>>();
    expectTypeOf(jsonLines<Person>([new URL('file:///a.jsonl')])).toEqualTypeOf<Dataset<Person>>();
    const schema = z.object({
      day: z.string().transform((text) => new Date(text)),
      by: z.string().default('me'),
      note: z.string().optional(),
    });
    const job = defineJob(import.meta.url, (path: string) => jsonLines(path, { schema }));
    expectTypeOf(job).returns.toEqualTypeOf<Dataset<{ day: Date; by: string; note?: string | undefined }>>();
    const inJob = defineJob(import.meta.url, (schemas: { n: z.ZodNumber; any: StandardSchema<Date> }) => {
      expectTypeOf(jsonLines('a', { schema: schemas.n })).toEqualTypeOf<Dataset<number>>();
      expectTypeOf(jsonLines('a', { schema: schemas.any })).toEqualTypeOf<Dataset<Date>>();
      expectTypeOf(jsonLines('a', { schema: z.union([z.literal('a'), z.null()]) })).toEqualTypeOf<
        Dataset<'a' | null>
      >();
      expectTypeOf(jsonLines('a', { schema: z.unknown().array() })).toEqualTypeOf<Dataset<unknown[]>>();
      // @ts-expect-error The schema gives numbers.
      const wrong: Dataset<string> = jsonLines<string>('a', { schema: schemas.n });
      return wrong;
    });
    expectTypeOf(inJob).returns.toEqualTypeOf<Dataset<string>>();
    expectTypeOf<JsonLinesOptions<Date>['schema']>().toEqualTypeOf<StandardSchema<Date> | undefined>();
    expectTypeOf<z.core.$ZodIssue>().toExtend<SchemaIssue>();
    // @ts-expect-error A schema has a validate function.
    expect(() => jsonLines('a', { schema: { parse: () => 1 } })).toThrow();
    // @ts-expect-error The name is misspelt.
    expect(() => jsonLines('a', { shema: schema })).toThrow();
  });

  it('a narrow verb is that of what its function returns', () => {
    expectTypeOf(numbers.map((n) => `${n}`)).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(people.map(({ age }) => age)).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(numbers.filter((n) => n > 1)).toEqualTypeOf<Dataset<number>>();
    const mixed = from<string | number>([1]);
    expectTypeOf(mixed.filter((x): x is string => typeof x === 'string')).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(words.flatMap((word) => [word.length])).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(words.flatMap((word) => new Set(word))).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(
      numbers.mapPartitions(function* (records) {
        for (const n of records) yield [n, String(n)] as const;
      }),
    ).toEqualTypeOf<Dataset<readonly [number, string]>>();
    expectTypeOf(numbers.mapAsync((n) => Promise.resolve(`${n}`))).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(numbers.mapAsync((n) => n, { concurrency: 2 })).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(pairs.mapValues((value) => value > 1)).toEqualTypeOf<Dataset<[string, boolean]>>();
    expectTypeOf(people.keyBy(({ name }) => name)).toEqualTypeOf<Dataset<[string, Person]>>();
    expectTypeOf(numbers.sample(0.5)).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(numbers.union(numbers)).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(numbers.union(words)).toEqualTypeOf<Dataset<number | string>>();
    expectTypeOf(words.distinct()).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(people.sortBy(({ age }) => age, { descending: true })).toEqualTypeOf<Dataset<Person>>();
    // @ts-expect-error A number has no such property.
    numbers.map((n) => n.length);
    // @ts-expect-error flatMap returns an iterable.
    numbers.flatMap((n) => n);
  });

  it('a keyed verb is that of its key and values', () => {
    expectTypeOf(pairs.reduceByKey((a, b) => a + b)).toEqualTypeOf<Dataset<[string, number]>>();
    const ones = words.map((word) => [word, 1] as const);
    expectTypeOf(ones).toEqualTypeOf<Dataset<readonly [string, 1]>>();
    expectTypeOf(ones.reduceByKey((a, b) => a + b)).toEqualTypeOf<Dataset<[string, number]>>();
    const texts = words.map((word) => [word, 'x'] as const);
    expectTypeOf(texts.reduceByKey((a, b) => a + b)).toEqualTypeOf<Dataset<[string, string]>>();
    const objects = words.map((word) => [word, { n: 1, of: 'word' }] as const);
    expectTypeOf(objects.reduceByKey((a, b) => ({ n: a.n + b.n, of: a.of }))).toEqualTypeOf<
      Dataset<[string, { readonly n: number; readonly of: 'word' }]>
    >();
    expectTypeOf(pairs.groupByKey()).toEqualTypeOf<Dataset<[string, Iterable<number>]>>();
    expectTypeOf(pairs.countByKey()).toEqualTypeOf<Dataset<[string, number]>>();
    expectTypeOf(people.countByValue()).toEqualTypeOf<Dataset<[Person, number]>>();
    expectTypeOf(pairs.aggregateByKey(mean)).toEqualTypeOf<Dataset<[string, number]>>();
    expectTypeOf(pairs.join(others)).toEqualTypeOf<Dataset<[string, [number, Date]]>>();
    expectTypeOf(pairs.leftJoin(others)).toEqualTypeOf<Dataset<[string, [number, Date | undefined]]>>();
    expectTypeOf(pairs.fullJoin(others)).toEqualTypeOf<
      Dataset<[string, [number | undefined, Date | undefined]]>
    >();
    expectTypeOf(pairs.cogroup(others)).toEqualTypeOf<
      Dataset<[string, [Iterable<number>, Iterable<Date>]]>
    >();
    // @ts-expect-error Numbers are no pairs.
    numbers.groupByKey();
    // @ts-expect-error The key of the other dataset is of another type.
    pairs.join(from<[number, Date]>([]));
  });

  it('an action is that of its result', () => {
    expectTypeOf(people.toArray()).toEqualTypeOf<Plan<Person[]>>();
    expectTypeOf(pairs.toMap()).toEqualTypeOf<Plan<Map<string, number>>>();
    expectTypeOf(numbers.reduce((a, b) => a + b)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(from(['a', 'b'] as const).reduce((a, b) => a + b)).toEqualTypeOf<Plan<string>>();
    expectTypeOf(from([1n, 2n] as const).reduce((a, b) => a + b, 0n)).toEqualTypeOf<Plan<bigint>>();
    expectTypeOf(from<Cents>([]).reduce((a, b) => (a + b) as Cents)).toEqualTypeOf<Plan<Cents>>();
    expectTypeOf(from<Level>([]).reduce((a, b) => (a > b ? a : b))).toEqualTypeOf<Plan<Level>>();
    expectTypeOf(people.reduce((a, b) => (a.age > b.age ? a : b))).toEqualTypeOf<Plan<Person>>();
    expectTypeOf(numbers.reduce((a, b) => a + b, 0)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(numbers.map(() => 1 as const).reduce((a, b) => a + b)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(numbers.map((n) => BigInt(n)).reduce((a, b) => a * b)).toEqualTypeOf<Plan<bigint>>();
    expectTypeOf(numbers.count()).toEqualTypeOf<Plan<number>>();
    expectTypeOf(numbers.forEach((n) => n.toFixed())).toEqualTypeOf<Plan<void>>();
    expectTypeOf(people.first()).toEqualTypeOf<Plan<Person | undefined>>();
    expectTypeOf(people.take(2)).toEqualTypeOf<Plan<Person[]>>();
    expectTypeOf(people.top(2, ({ age }) => age)).toEqualTypeOf<Plan<Person[]>>();
    expectTypeOf(people.toArray().run).returns.toEqualTypeOf<Promise<Person[]>>();
    expectTypeOf(people.first().run).returns.resolves.toEqualTypeOf<Person | undefined>();
    expectTypeOf(people.first().run).parameter(0).toEqualTypeOf<RunOptions | undefined>();
    expectTypeOf(people.stream()).toEqualTypeOf<AsyncGenerator<Person, void, undefined>>();
    // @ts-expect-error The identity is of the type of the records.
    numbers.reduce((a, b) => a + b, 'a');
    // @ts-expect-error A map is made of pairs.
    numbers.toMap();
    // @ts-expect-error Objects have no order.
    people.top(2, (person) => person);
  });

  it('a ready-made aggregator is that of what it takes and gives', () => {
    expectTypeOf(numbers.aggregate(sum)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(words.aggregate(count)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(numbers.aggregate(max)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(numbers.aggregate(variance)).toEqualTypeOf<Plan<number>>();
    expectTypeOf(words.aggregate(toSet)).toEqualTypeOf<Plan<Set<string>>>();
    expectTypeOf(pairs.aggregateByKey(toSet)).toEqualTypeOf<Dataset<[string, Set<number>]>>();
    expectTypeOf(toSet).toExtend<Aggregator<string, Set<unknown>>>();
    const sizes = words.aggregate({ ...toSet, finish: (set) => new Set([set.size]) });
    expectTypeOf(sizes).toEqualTypeOf<Plan<Set<number>>>();
    const lengths = words.aggregate({
      zero: () => new Set(),
      add: (set, word) => set.add(word.length),
      merge: (left, right) => new Set([...left, ...right]),
    });
    expectTypeOf(lengths).toEqualTypeOf<Plan<Set<unknown>>>();
    expectTypeOf<Aggregated<string, any>>().toBeAny();
    expectTypeOf(numbers.aggregate(histogram([0, 1]))).toEqualTypeOf<Plan<number[]>>();
    expectTypeOf(people.aggregate(topN(2, ({ age }: Person) => age))).toEqualTypeOf<Plan<Person[]>>();
    expectTypeOf(topN<Person>).returns.toEqualTypeOf<Aggregator<Person, RankedRecords<Person>, Person[]>>();
    expectTypeOf(pairs.aggregateByKey(topN(1, (n) => n))).toEqualTypeOf<Dataset<[string, number[]]>>();
    expectTypeOf(people.top(1, ({ age }) => (age > 1 ? age : undefined))).toEqualTypeOf<Plan<Person[]>>();
    // @ts-expect-error Words have no sum.
    words.aggregate(sum);
  });

  it('a job is that of its builder, parameters with defaults included', () => {
    const job = defineJob(import.meta.url, (lines: Dataset<string>, minimum = 1, stop?: Set<string>) =>
      lines.filter((line) => line.length >= minimum && !stop?.has(line)).countByValue(),
    );
    expectTypeOf(job).toEqualTypeOf<
      (lines: Dataset<string>, minimum?: number, stop?: Set<string>) => Dataset<[string, number]>
    >();
    expectTypeOf(job(words)).toEqualTypeOf<Dataset<[string, number]>>();
    expectTypeOf(job(words, 2, new Set(['a']))).toEqualTypeOf<Dataset<[string, number]>>();
    const total = defineJob(import.meta.url, (of: Dataset<number>) => of.reduce((a, b) => a + b, 0));
    expectTypeOf(total(numbers).run).returns.resolves.toBeNumber();
    const generic = defineJob(import.meta.url, <T>(of: Dataset<T>) => of.map((record) => ({ record })));
    expectTypeOf(generic(people)).toEqualTypeOf<Dataset<{ record: Person }>>();
    // @ts-expect-error Of numbers.
    total(words);
    // @ts-expect-error A builder is a function.
    expect(() => defineJob(import.meta.url, 5)).toThrow();
  });

  it('one call is that of its functions', () => {
    // Types only: they would run.
    const calls = {
      squares: () => parallelMap([1, 2], (n) => `${n}`),
      awaited: () =>
        parallelMap(new Set(['a']), async (word) => Promise.resolve(word.length), { processes: 2 }),
      counts: () =>
        mapReduce(textLines('*.txt'), {
          map: (line) => line.split(' ').map((word) => [word, 1] as const),
          combine: (a, b) => a + b,
          reduce: (_, ones) => [...ones].reduce((a, b) => a + b),
        }),
      objects: () =>
        mapReduce(['a'], {
          map: (line) => [[line, { n: 1 }] as const],
          combine: (a, b) => ({ n: a.n + b.n }),
          reduce: (_, values) => [...values][0]!.n,
        }),
      texts: () =>
        mapReduce(['a'], {
          map: (line) => [[line, 'x'] as const],
          combine: (a, b) => a + b,
          reduce: (_, values) => [...values].join(),
        }),
      lists: () =>
        mapReduce([1, 2], {
          map: (n) => [[n % 2 === 0, `${n}`] as [boolean, string]],
          reduce: (key, texts) => ({ key, texts: [...texts] }),
        }),
    };
    expectTypeOf(calls.squares).returns.resolves.toEqualTypeOf<string[]>();
    expectTypeOf(calls.awaited).returns.resolves.toEqualTypeOf<number[]>();
    expectTypeOf(calls.counts).returns.resolves.toEqualTypeOf<Map<string, number>>();
    expectTypeOf(calls.objects).returns.resolves.toEqualTypeOf<Map<string, number>>();
    expectTypeOf(calls.texts).returns.resolves.toEqualTypeOf<Map<string, string>>();
    expectTypeOf(calls.lists).returns.resolves.toEqualTypeOf<
      Map<boolean, { key: boolean; texts: string[] }>
    >();
    expect(Object.keys(calls)).toHaveLength(6);
  });

  it('a value that a function folds is that of its literals, and no other', () => {
    expectTypeOf<Widen<1 | -2.5 | 'x' | 1n | true | undefined>>().toEqualTypeOf<
      number | string | bigint | boolean | undefined
    >();
    expectTypeOf<Widen<`a${string}`>>().toEqualTypeOf<string>();
    expectTypeOf<Widen<Level.Low>>().toEqualTypeOf<Level.Low>();
    expectTypeOf<Widen<readonly [1, 'a']>>().toEqualTypeOf<readonly [number, 'a']>();
    expectTypeOf<Widen<{ n: 1 }>>().toEqualTypeOf<{ n: 1 }>();
    expectTypeOf<Widen<{ readonly n: 1 | 2; readonly ok: true }>>().toEqualTypeOf<{
      readonly n: 1 | 2;
      readonly ok: true;
    }>();
    expectTypeOf<Widen<{ readonly v: 1 } | { readonly v: 2 }>>().toEqualTypeOf<
      { readonly v: 1 } | { readonly v: 2 }
    >();
    expectTypeOf<Widen<Date>>().toEqualTypeOf<Date>();
    expectTypeOf<Widen<unknown>>().toBeUnknown();
    expectTypeOf<Widen<never>>().toBeNever();
    expectTypeOf<Widen<number & { readonly brand: 1 }>>().toEqualTypeOf<number & { readonly brand: 1 }>();
  });

  it('a dataset of a type is one of a wider type', () => {
    expectTypeOf(words).toExtend<Dataset<string | number>>();
    expectTypeOf(pairs).toExtend<Dataset<readonly [string, number | undefined]>>();
    expectTypeOf(words).not.toExtend<Dataset<number>>();
    expectTypeOf(words).not.toExtend<Dataset<'a'>>();
  });

  it('an option is what the check lets through', () => {
    expectTypeOf(createPool).returns.toEqualTypeOf<Pool>();
    expectTypeOf<Pool>().toExtend<AsyncDisposable>();
    expectTypeOf<RunOptions['progress']>().toEqualTypeOf<
      boolean | ((progress: Progress) => void) | undefined
    >();
    expectTypeOf<RunOptions['onError']>().toEqualTypeOf<
      'fail' | 'skip' | { maxSkipped: number } | undefined
    >();
    expectTypeOf<RunOptions['pool']>().toEqualTypeOf<Pool | undefined>();
    // @ts-expect-error The name is misspelt.
    expect(() => createPool({ procesess: 2 })).toThrow();
    // @ts-expect-error Of a run, not of a pool.
    expect(() => createPool({ chunkSize: '2' })).toThrow();
  });
});
