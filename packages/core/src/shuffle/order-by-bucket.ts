/** Slots in the order of their buckets; those of bucket `b` are `order[starts[b]]` up to before `order[starts[b + 1]]`. */
export interface BucketOrder {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/** A stable counting sort of slots, given the bucket of each. */
export function orderByBucket(bucket: Uint32Array, buckets: number): BucketOrder {
  const count = bucket.length;
  const starts = new Uint32Array(buckets + 1);
  for (let slot = 0; slot < count; slot++) {
    const next = bucket[slot]! + 1;
    starts[next] = starts[next]! + 1;
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
