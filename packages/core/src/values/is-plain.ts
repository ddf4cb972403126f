/** Whether an object is of no class. By shape, not by identity: it may come from another realm (a vm context, as under jest). */
export function isPlain(part: object): boolean {
  const prototype = Object.getPrototypeOf(part) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
