import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  from,
  OptionError,
  range,
  SourceError,
  textLines,
  type Dataset,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { caught, harness, program, until } from './harness.js';

const shared = harness();

/** A source that counts what was pulled and knows whether it was returned. */
function watched(length = Infinity): { items: Iterable<number>; pulled: number; returned: boolean } {
  const watch = { items: pull(), pulled: 0, returned: false };
  function* pull(): Generator<number> {
    try {
      while (watch.pulled < length) yield watch.pulled++;
    } finally {
      watch.returned = true;
    }
  }
  return watch;
}

async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await sleep(1);
    yield item;
  }
}

/** As an interface of readline: all iterators that it gives are the same one. */
function oneIterator(): { items: AsyncIterable<number>; returned: number } {
  let n = 0;
  const iterator: AsyncIterator<number> = {
    next: () => Promise.resolve({ done: false, value: n++ }),
    return: () => Promise.resolve({ done: true, value: (watch.returned += 1) }),
  };
  const watch = { items: { [Symbol.asyncIterator]: () => iterator }, returned: 0 };
  return watch;
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const record of stream) all.push(record);
  return all;
}

const increment = <T extends number>(numbers: Dataset<T>): Dataset<number> => numbers.map((n) => n + 1);

describe.each([0, 1, 2])('a stream in %d processes', (processes) => {
  const options = (more?: RunOptions): RunOptions => shared.options(processes, more);

  it('yields in input order, and everything if it need not', async () => {
    const expected = Array.from({ length: 500 }, (_, i) => i + 1);
    expect(await collect(increment(range(500)).stream(options({ chunkSize: 7 })))).toEqual(expected);
    const unordered = await collect(
      increment(range(500)).stream(options({ chunkSize: 7, ordered: false, bufferSize: 1 })),
    );
    expect(unordered.sort((a, b) => a - b)).toEqual(expected);
  });

  it.each([1, 3, 10])('pulls its source a bounded way ahead, bufferSize %d', async (bufferSize) => {
    const watch = watched();
    let seen = 0;
    for await (const n of increment(from(watch.items)).stream(options({ chunkSize: 5, bufferSize }))) {
      expect(n).toBe(++seen);
      if (seen % 10 === 0) await sleep(2);
      // The buffer, the chunk that is being consumed, and one that is being cut.
      expect(watch.pulled - seen).toBeLessThanOrEqual(5 * (bufferSize + 2));
      if (seen === 100) break;
    }
    expect(watch.returned).toBe(true);
  });

  it('pulls nothing before it is asked, and nothing at all when it is returned unread', async () => {
    const watch = watched();
    const stream = increment(from(watch.items)).stream(options());
    // What began at the call would have come so far, too.
    expect(await range(3).count().run(options())).toBe(3);
    expect(watch.pulled).toBe(0);
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(watch.pulled).toBe(0);
  });

  it('returns its source when the consumer breaks or throws, sync and async', async () => {
    for (const wrap of [(items: Iterable<number>) => items, asynchronous]) {
      const broken = watched();
      for await (const n of increment(from(wrap(broken.items))).stream(options())) if (n === 3) break;
      expect(broken.returned).toBe(true);
      const torn = watched();
      const boom = new Error('consumer');
      const consume = async (): Promise<void> => {
        for await (const n of increment(from(wrap(torn.items))).stream(options())) if (n === 3) throw boom;
      };
      await expect(consume()).rejects.toBe(boom);
      // A source that waits for its next item is asked to end; nobody waits for it to do so.
      await until(() => torn.returned);
    }
    expect(await increment(range(3)).toArray().run(options())).toEqual([1, 2, 3]);
  });

  it('takes a few of an endless source, through verbs that make more and fewer of it', async () => {
    const watch = watched();
    const plan = from(asynchronous(watch.items))
      .filter((n) => n % 2 === 1)
      .flatMap((n) => [n, n])
      .take(5);
    expect(await plan.run(options())).toEqual([1, 1, 3, 3, 5]);
    expect(watch.returned).toBe(true);
  });

  it('takes none without asking for any, and checks its options and reports all the same', async () => {
    const watch = watched();
    const given: string[] = [];
    const none = increment(from(watch.items)).take(0);
    const report = ({ outcome }: RunReport): unknown => given.push(outcome);
    expect(await none.run(options({ report }))).toEqual([]);
    expect(given).toEqual(['ok']);
    expect(watch.pulled).toBe(0);
    await expect(none.run(options({ chunkSize: 0 }))).rejects.toBeInstanceOf(OptionError);
    await expect(none.run(options({ signal: AbortSignal.abort('no') }))).rejects.toBe('no');
  });

  it.each([0, 1, 50, 99])('rejects with the very error that the source threw at item %d', async (at) => {
    const boom = new Error('source');
    function* torn(): Generator<number> {
      for (let n = 0; n < 100; n += 1) {
        if (n === at) throw boom;
        yield n;
      }
    }
    for (const chunkSize of [1, 10, 1000]) {
      await expect(increment(from(torn())).toArray().run(options({ chunkSize }))).rejects.toBe(boom);
      const stream = increment(from(asynchronous(torn()))).stream(options({ chunkSize }));
      await expect(collect(stream)).rejects.toBe(boom);
    }
    expect(await increment(range(3)).toArray().run(options())).toEqual([1, 2, 3]);
  });

  it('reads a Node stream, destroys it on break, and passes its error on', async () => {
    const readable = Readable.from(Array.from({ length: 50 }, (_, i) => i));
    expect(await from<number>(readable).count().run(options())).toBe(50);
    const endless = Readable.from(watched().items);
    for await (const n of increment(from<number>(endless)).stream(options())) if (n === 3) break;
    expect(endless.destroyed).toBe(true);
    const boom = new Error('stream');
    const torn = new Readable({
      objectMode: true,
      read() {
        this.push(1);
        this.destroy(boom);
      },
    });
    await expect(from<number>(torn).count().run(options())).rejects.toBe(boom);
  });

  it.each([
    ['from a function', (open: () => Interface) => from(open)],
    ['directly', (open: () => Interface) => from(open())],
    ['behind other sources', (open: () => Interface) => from(['x']).union(from(open()))],
  ])('reads every line of readline, %s', async (_, dataset) => {
    const file = shared.fresh();
    const lines = Array.from({ length: 1000 }, (_, n) => `${n}`);
    await writeFile(file, lines.join('\n'));
    const open = (): Interface => createInterface({ input: createReadStream(file) });
    const known = (given: string[]): string[] => given.filter((line) => line !== 'x');
    expect(known(await dataset(open).toArray().run(options()))).toEqual(lines);
    expect(
      known(
        await collect(
          dataset(open)
            .map((line) => line)
            .stream(options()),
        ),
      ),
    ).toEqual(lines);
    expect(known(await dataset(open).distinct().toArray().run(options()))).toHaveLength(lines.length);
  });

  it('refuses readline that has given lines to nobody, whether it has more or not', async () => {
    const begin = async (end: boolean): Promise<Interface> => {
      const input = new PassThrough();
      const lines = createInterface({ input });
      const [given, closed] = [once(lines, 'line'), once(lines, 'close')];
      input.write('first\nsecond\n');
      await given;
      if (!end) return lines;
      input.end();
      await closed;
      return lines;
    };
    const [begun, closed] = [await begin(false), await begin(true)];
    for (const [lines, words] of [[begun, 'some'], [closed, 'all']] as const) {
      const error = await caught(from(lines).toArray().run(options()));
      expect(error).toBeInstanceOf(SourceError);
      expect(String(error)).toMatch(`has given ${words} of its lines before the run asked for them`);
      expect(await caught(collect(from(lines).stream(options())))).toBeInstanceOf(SourceError);
    } // prettier-ignore
    begun.close();
  });

  it('reads on where the first line of readline was asked for by a question', async () => {
    const input = new PassThrough();
    const lines = createInterface({ input });
    const heard: string[] = [];
    lines.on('line', (line) => heard.push(line));
    input.write('first\n');
    await until(() => heard.length === 1);
    const run = from(lines).toArray().run(options());
    input.end('second\nthird');
    expect(await run).toEqual(['second', 'third']);
  });

  it('refuses a stream that has ended before', async () => {
    const ended = Readable.from(['a']);
    expect(await ended.toArray()).toEqual(['a']);
    const destroyed = Readable.from(['a']).destroy();
    for (const stream of [ended, destroyed]) {
      const error = await caught(from(stream).count().run(options()));
      expect(error).toBeInstanceOf(SourceError);
      expect(String(error)).toMatch(/this stream has ended before the run began: pass a function/);
    }
    expect(await from(Readable.from([])).count().run(options())).toBe(0);
  });

  it('returns a source that it listened to in vain, and refuses it from then on', async () => {
    const wrong: RunOptions[] = [
      { chunkSize: 0 },
      { signal: AbortSignal.abort('no') },
      { tmpDir: '/nowhere' },
    ];
    for (const more of wrong) {
      const live = oneIterator();
      const dataset = range(3).union(from(live.items));
      await caught(dataset.count().run(options(more)));
      expect(live.returned).toBe(1);
      await expect(dataset.count().run(options())).rejects.toThrow('already consumed');
    }
    const [left, right] = [oneIterator(), oneIterator()];
    expect(
      await from(left.items)
        .union(from(right.items))
        .first()
        .run(options({ chunkSize: 1 })),
    ).toBe(0);
    expect([left.returned, right.returned]).toEqual([1, 1]);
    const unread = oneIterator();
    await expect(from(unread.items).union(textLines('/nowhere')).count().run(options())).rejects.toThrow();
    expect(unread.returned).toBe(1);
  });

  it('rejects with the error of a Node stream that fails before it is read', async () => {
    const open = (): Readable => createReadStream(join(shared.fresh(), 'missing'));
    for (const items of [() => open, open]) {
      await expect(from<Buffer>(items()).count().run(options())).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });

  it('reads a web stream, and cancels it on break', async () => {
    let cancelled = false;
    const endless = (): ReadableStream<number> => {
      let n = 0;
      return new ReadableStream<number>({
        pull: (controller) => (n < 100 ? controller.enqueue(n++) : controller.close()),
        cancel: () => void (cancelled = true),
      });
    };
    expect(await from<number>(endless()).count().run(options())).toBe(100);
    expect(cancelled).toBe(false);
    for await (const n of increment(from<number>(endless())).stream(options({ chunkSize: 1 })))
      if (n === 3) break;
    expect(cancelled).toBe(true);
  });

  it('rejects with the reason of an abort while its source waits, and returns the source', async () => {
    let returned = false;
    let onWait = (): void => undefined;
    const waits = new Promise<void>((resolve) => (onWait = resolve));
    const waiting: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let n = 0;
        return {
          next: () => {
            if (n < 3) return Promise.resolve({ done: false, value: n++ });
            onWait();
            return new Promise(() => undefined);
          },
          return: () => {
            returned = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        };
      },
    };
    const controller = new AbortController();
    const reason = { why: 'enough' };
    const seen: number[] = [];
    const consume = async (): Promise<void> => {
      const { signal } = controller;
      for await (const n of increment(from(waiting)).stream(options({ chunkSize: 1, signal }))) {
        if (seen.push(n) === 3) void waits.then(() => controller.abort(reason));
      }
    };
    await expect(consume()).rejects.toBe(reason);
    expect(seen).toEqual([1, 2, 3]);
    expect(returned).toBe(true);
  });

  it('rejects at once for a signal that is aborted already, and leaves its source alone', async () => {
    const watch = watched();
    const signal = AbortSignal.abort('no');
    expect(await caught(from(watch.items).count().run(options({ signal })))).toBe('no');
    expect(watch.pulled).toBe(0);
  });
});

it('rejects with the reason of an abort at any of its first steps', async () => {
  const endless = range(2).mapAsync(() => new Promise(() => undefined));
  const runs = Array.from({ length: 40 }, async (_, steps) => {
    const controller = new AbortController();
    const { signal } = controller;
    const more = { processes: 0, tmpDir: shared.tmpDir, signal };
    const run = caught(steps % 2 === 0 ? endless.count().run(more) : collect(endless.stream(more)));
    for (let step = 0; step < steps >> 1; step += 1) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(steps);
    return run;
  });
  expect(await Promise.all(runs)).toEqual(runs.map((_, steps) => steps));
});

it('checks the options of a stream at the call', () => {
  expect(() => range(3).stream({ processes: -1 })).toThrow(OptionError);
  expect(() => range(3).stream({ procesess: 1 } as RunOptions)).toThrow('did you mean "processes"?');
});

it('is unmoved by options that change after the call', async () => {
  const options: RunOptions = { processes: 0, chunkSize: 2 };
  const stream = range(4).stream(options);
  options.processes = -1;
  expect(await collect(stream)).toEqual([0, 1, 2, 3]);
});

it('parks in a child the stream that its module consumes, and the program ends by itself after a break', async () => {
  expect(await program('streams.mjs')).toBe('[0,3,6,9,12]\n0\n1\n2\n');
});

it.each(['throws', 'kills its child'])(
  'take gives what it needs, though a later chunk %s meanwhile',
  async (how) => {
    // The first chunk waits until a later one has failed for good: at once, or at its second attempt.
    const failing = (): Dataset<number> => {
      const [failed, attempts] = [shared.fresh(), how === 'throws' ? 1 : 2];
      return from([0, 1, 2, 3].map((n) => ({ n, how, failed, attempts }))).mapAsync(async (item) => {
        const { appendFileSync, existsSync, readFileSync } = await import('node:fs');
        if (item.n > 1) {
          appendFileSync(item.failed, `${item.n}`);
          if (item.how === 'throws') throw new Error('later');
          process.exit(3);
        }
        const fails = (): number => (existsSync(item.failed) ? readFileSync(item.failed).length : 0);
        while (item.n === 0 && fails() < item.attempts)
          await new Promise((resolve) => setTimeout(resolve, 5));
        return item.n;
      });
    };
    const given = shared.options(2, { chunkSize: 1, retries: 1 });
    expect(await failing().take(2).run(given)).toEqual([0, 1]);
    expect(await failing().first().run(given)).toBe(0);
    await expect(failing().take(3).run(given)).rejects.toThrow(how === 'throws' ? 'later' : 'exit code 3');
  },
);
