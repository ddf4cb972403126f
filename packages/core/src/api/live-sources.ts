import { heldItems, isItemsSource, itemsSource, type Items } from '../source/items.js';
import { checkLines, consume, expectErrors, isLive } from '../source/one-shot.js';
import type { Node } from '../plan/node.js';
import { nodeRewriter } from '../plan/rewrite-nodes.js';

/** The live sources of a run: those that give what they have whether anybody listens or not. */
export interface LiveSources {
  /**
   * Takes their iterators, in this very step, and returns the description with these in place of the sources. Items in
   * memory are copied in the same step.
   */
  listen(node: Node): Node;
  /** Returns the iterators that the run has not come to. Never rejects. */
  close(): Promise<void>;
}

/**
 * An interface of readline emits its lines from the moment it is made, so a run that takes its iterator after an `await`
 * would miss some, or wait for ever for the end of what is over.
 */
export function liveSources(): LiveSources {
  const unused = new Set<AsyncIterator<unknown>>();
  const listen = nodeRewriter((node) => {
    if (node.kind !== 'source' || !isItemsSource(node.source)) return undefined;
    const { items } = node.source;
    expectErrors(items);
    if (isLive(items)) {
      checkLines(items);
      return { ...node, source: itemsSource(take(items)) };
    }
    const held = heldItems(items);
    return held === items ? undefined : { ...node, source: itemsSource(held) };
  });

  /** The same items, whose first iterator is there already. */
  function take(items: AsyncIterable<unknown>): Items<unknown> {
    const first = items[Symbol.asyncIterator]();
    unused.add(first);
    return { [Symbol.asyncIterator]: () => (unused.delete(first) ? first : items[Symbol.asyncIterator]()) };
  }

  return {
    listen,
    async close() {
      for (const iterator of unused) {
        unused.delete(iterator);
        try {
          consume(iterator);
          await iterator.return?.();
        } catch {
          // An earlier run's, or nobody has asked for what it gives.
        }
      }
    },
  };
}
