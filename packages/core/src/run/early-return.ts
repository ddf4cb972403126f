type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/** What connects a source with an async generator over it, so that `return` reaches the source at once. */
export interface EarlyReturn {
  /** The source, for the generator's `for await`. */
  watch<T>(source: AnyIterable<T>): AsyncIterable<T>;
  /** The generator, for its consumer. */
  guard<T>(generator: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined>;
}

/**
 * An async generator queues `return` behind the `next` under way. Where a source waits for its next item, for ever
 * perhaps, it would never hear that nobody wants it any more.
 */
export function earlyReturn(): EarlyReturn {
  let current: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  return {
    watch: <T>(source: AnyIterable<T>) => ({
      [Symbol.asyncIterator](): AsyncIterator<T> {
        const iterator = iteratorOf(source);
        current = iterator;
        return {
          next: async () => iterator.next(),
          return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
        };
      },
    }),
    guard<T>(generator: AsyncGenerator<T, void, undefined>) {
      const give = generator.return.bind(generator);
      const end = async (value: void | PromiseLike<void>): Promise<IteratorResult<T, void>> => {
        const ended = give(value);
        ended.catch(() => undefined);
        // The source counts as returned only now: the generator, told of it second, does not wait for it.
        await current?.return?.();
        return ended;
      };
      // Where intrinsics are frozen, nothing that they have can be assigned.
      return Object.defineProperty(generator, 'return', { value: end, writable: true, configurable: true });
    },
  };
}

function iteratorOf<T>(source: AnyIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
