import { BalancedFold } from './balanced-fold.js';

/** The partial result of a chunk, or of an aligned run of chunks: empty where no record came. */
export type PartialResult = readonly [] | readonly [unknown];

/**
 * Folds the partial results of chunks, empty ones included: a chunk has its place in the tree whether records came from
 * it or not, so a run of chunks that a child folds by itself is a subtree, and the answer the same bit for bit.
 */
export function foldPartials(
  op: (a: unknown, b: unknown) => unknown,
  before = 0,
): BalancedFold<PartialResult> {
  return new BalancedFold((a, b) => (a.length === 0 ? b : b.length === 0 ? a : [op(a[0], b[0])]), before);
}
