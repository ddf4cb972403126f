import type { Aggregator } from '../dataset/aggregator.js';
import type { AnyFunction } from '../dataset/function-ref.js';
import type { Sink } from '../dataset/node.js';
import type { RunDescription } from '../transport/messages.js';
import { loadFunctions } from '../worker/load-function.js';

/** Merges two partial results; `left` comes before `right` in the order of the input. */
export type Merge = (left: unknown, right: unknown) => unknown;

/** How the parent merges partial results: by the very functions that the children use. */
export async function mergeOf(
  sink: Sink<number>,
  description: RunDescription,
  count: number,
): Promise<Merge> {
  if (sink.kind === 'count') return (left, right) => (left as number) + (right as number);
  if (sink.kind !== 'reduce' && sink.kind !== 'aggregate') return noMerge;
  const functions = await loadFunctions(description, new Promise(() => undefined));
  const fn = functions[Math.min(sink.fn, count - 1)]!;
  if (sink.kind === 'reduce') return fn as AnyFunction as Merge;
  return (left, right) => (fn as unknown as Aggregator<unknown, unknown>).merge(left, right);
}

/** For results that no merge concerns. */
export function noMerge(left: unknown): unknown {
  return left;
}
