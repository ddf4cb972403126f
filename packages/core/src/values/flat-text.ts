/**
 * The same characters as one string of its own, and for equal characters the same string: the name of a property, as which
 * V8 keeps a text once. A `Map` finds it in a third of the time that a part of another text takes, which it would also keep
 * in memory. Costs about 200 ns. A text of digits may be given back as it is.
 */
export function flatText(text: string): string {
  return Object.keys({ [text]: 0 })[0]!;
}
