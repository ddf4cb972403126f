import { describe, expect, it } from '@jest/globals';
import { SerializationError } from '../../../src/errors.js';
import type { Op } from '../../../src/plan/verbs.js';
import { BadKey } from '../../../src/shuffle/keys/bad-key.js';
import { PromisedRecord } from '../../../src/source/bad-record.js';
import { Blame } from '../../../src/task/blame/blame.js';
import { stepOf } from '../../../src/task/blame/step.js';
import { NotAPair } from '../../../src/task/blame/pairs.js';
import { skipsOf } from '../../../src/task/blame/skips.js';
import { runPipeline } from '../../../src/task/verbs/pipeline.js';
import { batchOf, contextOf } from '../contexts.js';

/** The blame while a function of `verb` works on a record. */
function blameAt(record: unknown, index: number, verb = 'map'): Blame {
  const blame = new Blame();
  blame.chunk = 3;
  blame.record = index;
  blame.stand(batchOf([record], index), 0);
  blame.step = stepOf(verb, 0, 'record');
  return blame;
}

describe('a skipped record', () => {
  it('is described by verb, place, look and error', async () => {
    const blame = blameAt('bad\n', 41);
    const skips = skipsOf(10, Infinity, blame);
    skips.skip(new RangeError('too\u001b[31m bad'), blame);
    expect(await skips.result()).toEqual({
      count: 1,
      records: [
        { verb: 'map', chunk: 3, index: 41, preview: "'bad\\n'", error: 'RangeError: too\\x1b[31m bad' },
      ],
    });
  });

  it('is counted, also behind the hundred that are described', async () => {
    const blame = blameAt(1, 0);
    const skips = skipsOf(1000, Infinity, blame);
    for (let i = 0; i < 150; i += 1) skips.skip(new Error('bad'), blame);
    const { count, records } = await skips.result();
    expect([count, records.length]).toEqual([150, 100]);
  });

  it('too many is the error that the task ends with', () => {
    const blame = blameAt(1, 0);
    const skips = skipsOf(2, Infinity, blame);
    const third = new Error('one too many');
    skips.skip(new Error('bad'), blame);
    skips.skip('no error at all', blame);
    expect(() => skips.skip(third, blame)).toThrow(third);
  });

  it('is told of in the order of chunks, whichever failed first, unless its attempt was given up', async () => {
    const skips = skipsOf(10, Infinity, new Blame());
    for (const [chunk, isOver] of [
      [5, false],
      [2, false],
      [3, true],
    ] as const) {
      skips.skip(new Error('bad'), Object.assign(blameAt('x', chunk), { chunk, isOver }));
    }
    const { count, records } = await skips.result();
    expect([count, records.map(({ chunk }) => chunk)]).toEqual([2, [2, 5]]);
  });
});

describe('a record that a function of the sink has refused', () => {
  it('makes the task begin anew without it, and is told of in the end', async () => {
    const blame = blameAt('x', 7, 'aggregate');
    const skips = skipsOf(10, Infinity, blame);
    skips.skip(new Error('of a verb, before'), blame);
    expect(skips.restartsWithout(new RangeError('bad'))).toBe(true);
    expect(skips.excluded).toEqual([7]);
    skips.restart();
    skips.skip(new Error('of a verb, again'), blame);
    const { count, records } = await skips.result();
    expect(count).toBe(2);
    expect(records.map(({ error }) => error)).toEqual(['RangeError: bad', 'Error: of a verb, again']);
  });

  it('is counted with those of verbs', () => {
    const blame = blameAt('x', 0, 'aggregate');
    const skips = skipsOf(2, Infinity, blame);
    skips.skip(new Error('bad'), blame);
    expect(skips.restartsWithout(new Error('bad'))).toBe(true);
    skips.restart();
    skips.skip(new Error('bad'), blame);
    blame.record = 1;
    expect(skips.restartsWithout(new Error('bad'))).toBe(false);
    expect(() => skips.skip(new Error('third'), blame)).toThrow('third');
  });

  it('is not left out twice: then something else is wrong', () => {
    const skips = skipsOf(10, Infinity, blameAt('x', 7, 'aggregate'));
    expect(skips.restartsWithout(new Error('bad'))).toBe(true);
    expect(skips.restartsWithout(new Error('bad'))).toBe(false);
  });

  it('is not left out once a hundred of a task were: the function is to blame', () => {
    const blame = blameAt('x', 0, 'aggregate');
    const skips = skipsOf(1000, Infinity, blame);
    for (blame.record = 0; blame.record < 100; blame.record += 1) {
      expect(skips.restartsWithout(new Error('bad'))).toBe(true);
    }
    expect(skips.restartsWithout(new Error('bad'))).toBe(false);
  });

  it.each([
    ['a function that saw the record', 'record', new Error('bad'), true],
    ['what was to write the record', 'written', new Error('bad'), true],
    ['what folds two values', 'other', new Error('bad'), false],
    [
      'a key that cannot be one, whatever the function',
      'other',
      new BadKey('key', 'is a map', 'take another'),
      true,
    ],
    ['a record that is no pair', 'other', new NotAPair('no pair'), true],
    [
      'an accumulator that cannot travel',
      'record',
      new SerializationError('a[0] is a function', 'a[0]'),
      false,
    ],
    ['a record that cannot be written', 'written', new SerializationError('a is a function', 'a'), true],
  ] as const)('is to blame for an error of %s, or is not', (_, given, error, isToBlame) => {
    const blame = blameAt('x', 7);
    blame.step = stepOf('aggregate', 0, given);
    expect(skipsOf(10, Infinity, blame).restartsWithout(error)).toBe(isToBlame);
  });
});

describe('a record whose schema has answered with a promise', () => {
  it('is left out for what the promise is rejected with', async () => {
    const blame = blameAt('{}', 2, 'jsonLines');
    const skips = skipsOf(10, Infinity, blame);
    skips.skip(
      new PromisedRecord('the schema is asynchronous', Promise.reject(new SyntaxError('no number'))),
      blame,
    );
    blame.stand(batchOf(['next']), 0);
    expect(await skips.result()).toMatchObject({
      count: 1,
      records: [{ verb: 'jsonLines', index: 2, error: 'SyntaxError: no number' }],
    });
  });

  it('is the fault of an asynchronous schema, at the first such record', async () => {
    const blame = blameAt('{}', 2, 'jsonLines');
    const skips = skipsOf(10, Infinity, blame);
    const error = new PromisedRecord('the schema is asynchronous', Promise.resolve({ value: 1 }));
    skips.skip(error, blame);
    blame.stand(batchOf(['next'], 3), 0);
    blame.step = stepOf('map', 5);
    await expect(skips.result()).rejects.toBe(error);
    expect(blame).toMatchObject({ verb: 'jsonLines', read: '{}' });
    expect(blame.position()).toEqual({ index: 2 });
  });
});

describe('a pipeline that may skip', () => {
  const odd = (n: number): number => {
    if (n % 2 === 1) throw new Error(`${n} is odd`);
    return n;
  };

  /** What reaches the sink, and what was left out, of the numbers from 0 to 5. */
  async function run(ops: readonly Op<number>[], functions: readonly unknown[], limit = Infinity) {
    const context = contextOf(functions);
    const skips = skipsOf(100, limit, context.blame);
    const given: unknown[] = [];
    const into = {
      get isFull() {
        return given.length >= limit;
      },
      push: (record: unknown) => void given.push(record),
    };
    const pipeline = { ops, seed: 0, branch: 0 };
    await runPipeline([batchOf([0, 1, 2, 3, 4, 5])], pipeline, into, { ...context, skips });
    const { count, records } = await skips.result();
    expect(count).toBe(records.length);
    return { given, skipped: records.map(({ index }) => index) };
  }

  it('gives nothing of a record of which a later function has thrown', async () => {
    const found = await run(
      [
        { verb: 'flatMap', fn: 0 },
        { verb: 'map', fn: 1 },
      ],
      [(n: number) => [0, n], odd],
    );
    expect(found).toEqual({ given: [0, 0, 0, 2, 0, 4], skipped: [1, 3, 5] });
  });

  it.each([
    ['that throws', odd],
    ['whose promise is rejected', async (n: number) => Promise.resolve(n).then(odd)],
    ['that throws in place of a promise', (n: number) => (n < 2 ? odd(n) : Promise.resolve(n).then(odd))],
  ])('leaves out the records of an asynchronous function %s, and keeps the order', async (_, fn) => {
    const found = await run(
      [
        { verb: 'mapAsync', fn: 0, concurrency: 3 },
        { verb: 'map', fn: 1 },
      ],
      [fn, (n: number) => n * 10],
    );
    expect(found).toEqual({ given: [0, 20, 40], skipped: [1, 3, 5] });
  });

  it('leaves out nothing behind mapPartitions, where nobody knows which record is to blame', async () => {
    const ops = [
      { verb: 'mapPartitions', fn: 0 },
      { verb: 'map', fn: 1 },
    ] as const;
    await expect(run(ops, [(all: Iterable<number>) => all, odd])).rejects.toThrow('1 is odd');
    const before = await run([...ops].reverse(), [(all: Iterable<number>) => all, odd]);
    expect(before).toEqual({ given: [0, 2, 4], skipped: [1, 3, 5] });
  });

  it('cuts an endless record short where the sink has no more room', async () => {
    const endless = function* (n: number): Generator<number> {
      for (;;) yield n;
    };
    const found = await run([{ verb: 'flatMap', fn: 0 }], [endless], 4);
    expect(found).toEqual({ given: [0, 0, 0, 0], skipped: [] });
  });
});
