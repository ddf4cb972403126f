/** A key with its values on both sides. */
export type CoGroup = [key: unknown, [Iterable<unknown>, Iterable<unknown>]];

/**
 * Pairs every value of the left with every one of the right, in that order. A side too large for memory is read from the
 * disk, the right one anew for each value of the left: which costs no more than the pairs that come of it.
 */
export function joinGroups(
  group: CoGroup,
  { keepLeft, keepRight }: { readonly keepLeft: boolean; readonly keepRight: boolean },
  next: (record: unknown) => void,
  room: { readonly isFull: boolean },
): void {
  // Arrays are taken apart by index: a pattern would iterate them, and there may be millions of small groups.
  const key = group[0];
  const left = group[1][0];
  const right = group[1][1];
  const lefts = keepRight && isEmpty(left) ? [undefined] : left;
  const rights = keepLeft && isEmpty(right) ? [undefined] : right;
  if (isEmpty(rights)) return;
  for (const a of lefts) {
    for (const b of rights) {
      next([key, [a, b]]);
      if (room.isFull) return;
    }
  }
}

function isEmpty(values: Iterable<unknown>): boolean {
  if (Array.isArray(values)) return values.length === 0;
  for (const _ of values) return false;
  return true;
}
