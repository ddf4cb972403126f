/** The type that a literal belongs to, so that `(a, b) => a + b` may reduce values typed as `1`. */
export type Widen<V> = V extends number
  ? number
  : V extends bigint
    ? bigint
    : V extends boolean
      ? boolean
      : V;
