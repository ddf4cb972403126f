/** The first and the second halves of pairs. */
export type Columns = readonly [firsts: readonly unknown[], seconds: readonly unknown[]];

/**
 * Pairs of primitives as two arrays, which V8 writes in a fifth of the time: an array of two may be sparse, have names,
 * and be referred to from elsewhere. Undefined where a half is an object, or what cannot cross.
 *
 * @param pairs Of forkfold's own making, so that they are none of that.
 */
export function toColumns(pairs: readonly (readonly [unknown, unknown])[]): Columns | undefined {
  const [firsts, seconds] = [new Array<unknown>(pairs.length), new Array<unknown>(pairs.length)];
  for (let i = 0; i < pairs.length; i += 1) {
    const [first, second] = pairs[i]!;
    if (!isPrimitive(first) || !isPrimitive(second)) return undefined;
    firsts[i] = first;
    seconds[i] = second;
  }
  return [firsts, seconds];
}

export function fromColumns([firsts, seconds]: Columns): [unknown, unknown][] {
  return firsts.map((first, i) => [first, seconds[i]]);
}

function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}
