/** Slots in the order of their buckets; those of bucket `b` are `order[starts[b]]` up to before `order[starts[b + 1]]`. */
export interface BucketOrder {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/** A stable counting sort of the slots 0 to `count - 1` by bucket. Calls `bucketOf` once a slot. */
export function orderByBucket(
  count: number,
  buckets: number,
  bucketOf: (slot: number) => number,
): BucketOrder {
  const bucket = new Uint32Array(count);
  const starts = new Uint32Array(buckets + 1);
  for (let slot = 0; slot < count; slot++) {
    const b = bucketOf(slot);
    bucket[slot] = b;
    starts[b + 1] = starts[b + 1]! + 1;
  }
  for (let b = 0; b < buckets; b++) starts[b + 1] = starts[b + 1]! + starts[b]!;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let slot = 0; slot < count; slot++) {
    const b = bucket[slot]!;
    order[next[b]!] = slot;
    next[b] = next[b]! + 1;
  }
  return { order, starts };
}
