import { inspect } from 'node:util';

/** Listing the keys of a longer array takes longer than having it inspected. */
const LISTED = 64;

/** Whether an array has no keys but its indices, and misses none of them. May say no for one with hidden keys. */
export function hasOnlyItems(array: readonly unknown[]): boolean {
  return hasNoNames(array) && Object.getOwnPropertySymbols(array).length === 0;
}

/** The same, but for symbols. */
export function hasNoNames(array: readonly unknown[]): boolean {
  const { length } = array;
  if (length >= LISTED) return isShownAsItems(array) && hasNoHoles(array);
  // Indices are listed first and in order: if the last one is where it belongs, so are all.
  const keys = Object.keys(array);
  return keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
}

/** `inspect` has a way to the keys that skips the items, and shows names and symbols if there are any. */
function isShownAsItems(array: readonly unknown[]): boolean {
  const shown = inspect(array, { maxArrayLength: 0, depth: 0, customInspect: false });
  return shown === `[ ... ${array.length} more items ]`;
}

/** Whether an array misses none of its indices. */
export function hasNoHoles(array: readonly unknown[]): boolean {
  if (!array.includes(undefined)) return true;
  for (let i = 0; i < array.length; i += 1) {
    if (array[i] === undefined && !Object.hasOwn(array, i)) return false;
  }
  return true;
}
