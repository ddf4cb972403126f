import { own, portable } from '../../module-ref.js';
import { orderedBy, type KeyPart } from './ordered-by.js';
import { compareKeys } from './sort-key.js';

/** Makes a function that sorts the values of a key, stably, by what `orderedBy` gives. */
export function sortedValues(
  turned: readonly boolean[],
  ...parts: readonly KeyPart[]
): (values: Iterable<unknown>) => unknown[] {
  const keyOf = orderedBy(turned, ...parts);
  const sorted = (values: Iterable<unknown>): unknown[] => {
    const rows = Array.from(values, (value) => ({ key: keyOf(value), value }));
    return rows.sort((a, b) => compareKeys(a.key, b.key)).map(({ value }) => value);
  };
  return portable(sorted, { module: own.functions, name: 'sortedValues', arguments: [turned, ...parts] });
}
