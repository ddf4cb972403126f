import { heldItems, isItemsSource, itemsSource, type Items } from '../source/items.js';
import { checkLines, consume, expectErrors, isLive } from '../source/one-shot.js';
import type { Node } from '../plan/node.js';

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
  // A dataset that is used twice is one node, before and after.
  const replaced = new Map<Node, Node>();

  function listen(node: Node): Node {
    const made = replaced.get(node) ?? replace(node);
    replaced.set(node, made);
    return made;
  }

  function replace(node: Node): Node {
    switch (node.kind) {
      case 'source': {
        const { source } = node;
        if (!isItemsSource(source)) return node;
        const { items } = source;
        expectErrors(items);
        if (isLive(items)) {
          checkLines(items);
          return { ...node, source: itemsSource(take(items)) };
        }
        const held = heldItems(items);
        return held === items ? node : { ...node, source: itemsSource(held) };
      }
      case 'narrow':
        return { ...node, input: listen(node.input) };
      case 'union':
      case 'shuffle':
        return { ...node, inputs: node.inputs.map(listen) };
    }
  }

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
