import type { IsSame } from '../fold/is-same.js';

/**
 * The type that a literal belongs to, so that `(a, b) => a + b` may reduce values typed as `1` or `'a'`. The numbers of an
 * object or a tuple whose parts are all readonly, as `as const` makes it, are widened too. What is no plain literal stays
 * what it is: brands, enums, unions of objects.
 */
export type Widen<V> = [V] extends [infer All] ? WidenEach<All, All> : never;

// The type is inferred anew, since a dataset of strings would else be no dataset of strings or numbers.
type WidenEach<V, All> = V extends Primitive ? WidenLiteral<V> : [All] extends [V] ? WidenConstant<V> : V;

type Primitive = string | number | bigint | boolean;

// A brand is an object, too.
type WidenLiteral<V extends Primitive> = V extends object
  ? V
  : V extends string
    ? Literal<V, `${V}`, string>
    : V extends number
      ? Literal<V, `${V}` extends `${infer N extends number}` ? N : never, number>
      : V extends bigint
        ? Literal<V, `${V}` extends `${infer N extends bigint}` ? N : never, bigint>
        : Literal<V, V extends true ? true : false, boolean>;

/** `Wide` if `V` is the very type that its text reads as: an enum is another one. */
type Literal<V, Read, Wide> = IsSame<V, Read> extends true ? Wide : V;

type WidenConstant<V> =
  WidenNumbers<V> extends V ? V : IsSame<V, Readonly<V>> extends true ? WidenNumbers<V> : V;

// One literal only is widened: texts, booleans and unions mostly tell one kind of object from another.
type WidenNumbers<V> = {
  [P in keyof V]: V[P] extends number | bigint
    ? IsUnion<V[P]> extends true
      ? V[P]
      : WidenLiteral<V[P]>
    : V[P];
};

type IsUnion<V, All = V> = V extends unknown ? ([All] extends [V] ? false : true) : never;
