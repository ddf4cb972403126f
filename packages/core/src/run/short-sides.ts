import { own } from '../module-ref.js';
import { referModule, type PlanFunction } from '../plan/function-ref.js';
import type { Node } from '../plan/node.js';
import { nodeRewriter } from '../plan/rewrite-nodes.js';
import type { JoinVerb } from '../plan/verbs.js';
import { canonicalKey } from '../shuffle/keys/key.js';
import { isItemsSource, itemsInMemory } from '../source/items.js';
import { encode } from '../values/codec.js';

/** A side with more records is shuffled, */
const MOST_RECORDS = 10_000;
/** and so is one with more bytes, since it travels to every child, and each holds it for the whole run. */
const MOST_BYTES = 2 ** 20;
/** So many records are encoded at once: few, so that what is too large is soon known to be. */
const BLOCK = 64;

/** A join as it is described: a shuffle of both sides, and what makes pairs of the values of a key. */
interface Join {
  readonly verb: JoinVerb;
  readonly left: Node;
  readonly right: Node;
}

/** A short list in memory. */
interface ShortSide {
  /** Makes a `SideTable`. */
  readonly fn: PlanFunction;
  readonly records: number;
  readonly isUnique: boolean;
}

/**
 * Gives descriptions in which joins with a short list in memory look its keys up instead of shuffling both sides. What is
 * short depends on the items alone: a list right after `from`, of no more than `MOST_RECORDS` pairs and `MOST_BYTES`. One
 * that has something wrong in it is left to the shuffle, which says so.
 */
export function shortSides(): (node: Node) => Node {
  const sides = new Map<Node, ShortSide | undefined>();

  function lookingUpIn({ verb, left, right }: Join, rewrite: (node: Node) => Node): Node | undefined {
    const short = sideOf(right);
    if (short !== undefined) return lookUp(rewrite(left), verb, 'right', short);
    // The other verbs must know which keys of the left side were not found, or give a pair of it for the first match only.
    if (verb !== 'join') return undefined;
    const lefts = sideOf(left);
    // The values of a key come in the order of the left ones first, which that of the right side is for a single one.
    return lefts?.isUnique === true ? lookUp(rewrite(right), verb, 'left', lefts) : undefined;
  }

  function sideOf(node: Node): ShortSide | undefined {
    if (!sides.has(node)) sides.set(node, shortSideOf(node));
    return sides.get(node);
  }

  return nodeRewriter((node, rewrite) => {
    const join = node.kind === 'narrow' ? joinOf(node) : undefined;
    return join && lookingUpIn(join, rewrite);
  });
}

function lookUp(input: Node, verb: JoinVerb, side: 'left' | 'right', { fn, records }: ShortSide): Node {
  return { kind: 'narrow', input, op: { verb, fn, side, records } };
}

/** The join that a node is the last step of, if it is one that may look keys up. */
function joinOf({ input }: Node & { readonly kind: 'narrow' }): Join | undefined {
  if (input.kind !== 'shuffle' || input.shuffle.kind !== 'group') return undefined;
  const { verb } = input.shuffle;
  const [left, right] = input.inputs as readonly [Node, Node];
  switch (verb) {
    case 'join':
    case 'leftJoin':
      return { verb, left, right };
    case 'semiJoin':
    case 'antiJoin':
      // The right side is the keys of what the user gave.
      return right.kind === 'shuffle' ? { verb, left, right: right.inputs[0]! } : undefined;
    default:
      return undefined;
  }
}

function shortSideOf(node: Node): ShortSide | undefined {
  if (node.kind !== 'source' || !isItemsSource(node.source)) return undefined;
  const items = itemsInMemory(node.source.items, MOST_RECORDS);
  if (items === undefined) return undefined;
  try {
    const keys = keysOf(items);
    const blocks = keys === undefined ? undefined : encoded(items);
    if (blocks === undefined) return undefined;
    const fn = referModule('join', { module: own.functions, name: 'sideTable', arguments: [blocks] });
    return { fn, records: items.length, isUnique: keys === items.length };
  } catch {
    // What cannot be a key, or cannot travel, the shuffle tells of.
    return undefined;
  }
}

/** How many different keys pairs have; undefined where something is no pair. @throws BadKey */
function keysOf(items: readonly unknown[]): number | undefined {
  // Primitives are equal as they are in a Set.
  const [primitives, others] = [new Set<unknown>(), new Set<string>()];
  for (const item of items) {
    if (!Array.isArray(item) || item.length !== 2) return undefined;
    const key: unknown = item[0];
    if (isPrimitive(key)) primitives.add(key);
    else others.add(canonicalKey(key));
  }
  return primitives.size + others.size;
}

function isPrimitive(key: unknown): boolean {
  return key === null || !['object', 'symbol', 'function'].includes(typeof key);
}

/** Items in blocks, unless they are too large. @throws SerializationError */
function encoded(items: readonly unknown[]): readonly Uint8Array[] | undefined {
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  for (let first = 0; first < items.length; first += BLOCK) {
    const block = encode(items.slice(first, first + BLOCK), 'input', first);
    blocks.push(block);
    bytes += block.length;
    if (bytes > MOST_BYTES) return undefined;
  }
  return blocks;
}
