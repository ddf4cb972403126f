import { existsSync, readFileSync } from 'node:fs';
import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { from, range, SerializationError, type RunReport } from '@forkfold/core';
import { caught, harness, isAlive, until } from './harness.js';

const shared = harness();

/** A stream whose second record never comes: its child is busy for ever, and has written its pid to a file before. */
function stuck(file: string, report?: (given: RunReport) => void): AsyncGenerator<string, void, undefined> {
  const options = { processes: 1, chunkSize: 1, tmpDir: shared.tmpDir };
  return from(['first', file])
    .map((text) => {
      if (text === 'first') return text;
      process.getBuiltinModule('node:fs').writeFileSync(text, `${process.pid}`);
      for (;;);
    })
    .stream({ ...options, ...(report && { report }) });
}

/** The child that is busy for a stream. */
async function busyChild(file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
}

const sink = (): Writable => new Writable({ objectMode: true, write: (_, __, done) => done() });

describe('a consumer that leaves while the next record is pending', () => {
  it('by return: at once, and next is done', async () => {
    const file = shared.fresh();
    const reports: RunReport[] = [];
    const records = stuck(file, (report) => reports.push(report));
    expect(await records.next()).toEqual({ done: false, value: 'first' });
    const pending = records.next();
    const other = records.next();
    const child = await busyChild(file);
    expect(await records.return()).toEqual({ done: true, value: undefined });
    expect(isAlive(child)).toBe(false);
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await other).toEqual({ done: true, value: undefined });
    expect(await records.next()).toEqual({ done: true, value: undefined });
    expect(reports).toMatchObject([{ outcome: 'ok' }]);
  });

  it('by throw: at once, with its own error', async () => {
    const file = shared.fresh();
    const records = stuck(file);
    await records.next();
    const pending = records.next();
    const child = await busyChild(file);
    const mine = new Error('mine');
    expect(await caught(records.throw(mine))).toBe(mine);
    expect(isAlive(child)).toBe(false);
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  it('before the first record has come', async () => {
    const records = range(1)
      .map(() => {
        for (;;);
      })
      .stream({ processes: 1, tmpDir: shared.tmpDir });
    const pending = records.next();
    await records.return();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  it('before it has asked for anything', async () => {
    const records = stuck(shared.fresh());
    expect(await records.return()).toEqual({ done: true, value: undefined });
    expect(await records.next()).toEqual({ done: true, value: undefined });
    const mine = new Error('mine');
    expect(await caught(stuck(shared.fresh()).throw(mine))).toBe(mine);
  });

  it('by the end of a block', async () => {
    const file = shared.fresh();
    let left: { child: number; pending: Promise<unknown> } | undefined;
    {
      await using records = stuck(file);
      await records.next();
      const pending = records.next();
      left = { pending, child: await busyChild(file) };
    }
    expect(isAlive(left.child)).toBe(false);
    expect(await left.pending).toEqual({ done: true, value: undefined });
  });

  it.each([0, 1])('of a source that gives nothing more, in %d processes', async (processes) => {
    let isReturned = false;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>(() => undefined),
        return: () => {
          isReturned = true;
          return new Promise<IteratorResult<number>>(() => undefined);
        },
      }),
    };
    const records = from(source).stream(shared.options(processes));
    const pending = records.next();
    await new Promise((resolve) => setImmediate(resolve));
    await records.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(isReturned).toBe(true);
  });

  it('of a call that never settles, in this process', async () => {
    const records = from([1])
      .mapAsync(() => new Promise<never>(() => undefined))
      .stream(shared.options(0));
    const pending = records.next();
    await records.return();
    expect(await pending).toEqual({ done: true, value: undefined });
  });
});

describe('a stream of Node', () => {
  it('pipeline ends it when its signal is aborted', async () => {
    const file = shared.fresh();
    const controller = new AbortController();
    const { signal } = controller;
    const piped = caught(pipeline(stuck(file), sink(), { signal }));
    const child = await busyChild(file);
    controller.abort();
    expect(await piped).toMatchObject({ name: 'AbortError' });
    await until(() => !isAlive(child));
  });

  it.each([
    ['its target is closed', (target: Writable) => target.destroy()],
    ['its target fails', (target: Writable) => target.destroy(new Error('gone'))],
  ])('pipeline ends it when %s', async (_, leave) => {
    const file = shared.fresh();
    const target = sink();
    const through = new Transform({ objectMode: true, transform: (record, __, done) => done(null, record) });
    const piped = caught(pipeline(stuck(file), through, target));
    const child = await busyChild(file);
    leave(target);
    expect(await piped).toMatchObject({ message: expect.stringMatching(/gone|Premature close/) });
    await until(() => !isAlive(child));
  });

  it('Readable.from ends it when it is destroyed', async () => {
    const file = shared.fresh();
    const readable = Readable.from(stuck(file));
    readable.resume();
    const child = await busyChild(file);
    readable.destroy();
    await until(() => !isAlive(child));
  });

  it('a web stream of it ends it when it is cancelled', async () => {
    const file = shared.fresh();
    const reader = (Readable.toWeb(Readable.from(stuck(file))) as ReadableStream).getReader();
    await reader.read();
    const child = await busyChild(file);
    await reader.cancel();
    await until(() => !isAlive(child));
  });

  it('is a stream of objects, whose records come in order', async () => {
    const records = range(5000).stream(shared.options(1));
    const found: number[] = [];
    await pipeline(
      records,
      new Transform({ objectMode: true, transform: (n: number, _, done) => done(null, n + 1) }),
      async (given: AsyncIterable<number>) => {
        for await (const n of given) found.push(n);
      },
    );
    expect(found).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
    const texts = from(['a', 'b']).stream(shared.options(1)) as unknown as Readable;
    expect(await texts.pipe(new PassThrough({ encoding: 'utf8' })).toArray()).toEqual(['a', 'b']);
  });

  it('fails with the error of the run', async () => {
    const records = range(3)
      .map(() => {
        throw new RangeError('mine');
      })
      .stream(shared.options(1));
    expect(await caught(pipeline(records, sink()))).toMatchObject({ name: 'TaskError' });
  });

  it('refuses null, which would end it', async () => {
    const records = from([1, null, 2]).stream(shared.options(1));
    const error = await caught(pipeline(records, sink()));
    expect(error).toBeInstanceOf(SerializationError);
    expect(String(error)).toMatch(/^SerializationError: record is null, which ends a Node stream/);
    const again: unknown[] = [];
    for await (const record of from([1, null, 2]).stream(shared.options(1))) again.push(record);
    expect(again).toEqual([1, null, 2]);
  });
});

it.each([0, 1])('an abort does not wait for the function of forEach, in %d processes', async (processes) => {
  const controller = new AbortController();
  const { signal } = controller;
  const mine = new Error('mine');
  let [calls, goOn] = [0, (): void => undefined];
  const plan = range(10).forEach(() => {
    calls += 1;
    setImmediate(() => controller.abort(mine));
    return new Promise<void>((resolve) => (goOn = resolve));
  });
  expect(await caught(plan.run(shared.options(processes, { signal })))).toBe(mine);
  goOn();
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toBe(1);
});
