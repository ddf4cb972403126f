import type { Op } from '../plan/verbs.js';

/** Verbs that records pass, and where they go from there: on to others, and to the sinks of some stages. */
export interface TailTree {
  readonly ops: readonly Op<number>[];
  /** The stages, by their places in the pass, whose sinks take what comes out of the verbs. */
  readonly ends: readonly number[];
  readonly next: readonly TailTree[];
}

/**
 * The verbs of several stages as a tree: what they begin with in common stands in it once. Verbs are the same where their
 * functions are, by their numbers in the plan, and whatever else they carry.
 */
export function tailTree(
  tails: readonly { readonly ops: readonly Op<number>[]; readonly end: number }[],
): TailTree {
  const texts = tails.map(({ ops }) => ops.map((op) => JSON.stringify(op)));
  const shortest = Math.min(...texts.map((ops) => ops.length));
  let length = 0;
  while (length < shortest && texts.every((ops) => ops[length] === texts[0]![length])) length += 1;
  const left = tails.map(({ ops, end }) => ({ ops: ops.slice(length), end }));
  const groups = new Map<string, typeof left>();
  for (const tail of left) {
    const [op] = tail.ops;
    if (op === undefined) continue;
    const key = JSON.stringify(op);
    groups.set(key, [...(groups.get(key) ?? []), tail]);
  }
  return {
    ops: tails[0]?.ops.slice(0, length) ?? [],
    ends: left.filter(({ ops }) => ops.length === 0).map(({ end }) => end),
    next: [...groups.values()].map(tailTree),
  };
}
