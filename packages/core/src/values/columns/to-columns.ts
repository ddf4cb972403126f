import { types } from 'node:util';
import { hasNoHoles } from '../only-items.js';
import { tryOr } from '../try-or.js';
import type { Column } from './column.js';
import { Columns } from './columns.js';

/** V8 alone is as fast on shorter lists. */
const FEWEST = 64;
/** V8 keeps longer arrays as dictionaries. */
const MOST = 2 ** 24;
/** How many values are not tried, at most, after some that looked like columns and were none. */
const MAX_SKIPS = 31;

/** One count a process is enough: what is skipped is written by V8, and is the same on the other side. */
const skips = { left: 0, next: 0 };

/**
 * A list as a column, if all that is in it is alike and plain; undefined for any other, which may still be one that can
 * cross. So is a list in which an object is met twice: a column would make two of it. Never throws.
 */
export function toColumn(list: readonly unknown[]): Column | undefined {
  if (types.isProxy(list) || Object.getPrototypeOf(list) !== Array.prototype) return undefined;
  return toColumns([list], (columns) => columns.isList(list))?.[0];
}

/** The same of a list that forkfold has made: it has nothing but items, though some may be missing. */
export function ownColumn(list: readonly unknown[]): Column | undefined {
  return toColumns([list], () => hasNoHoles(list))?.[0];
}

/**
 * The lists of one value as columns, on the same conditions.
 *
 * @param isPlain asks what is to be known of the lists themselves; nothing, if forkfold has made them.
 */
export function toColumns(
  lists: readonly (readonly unknown[])[],
  isPlain: (columns: Columns) => boolean = () => true,
): Column[] | undefined {
  if (!lists.some(({ length }) => length >= FEWEST) || lists.some(({ length }) => length > MOST))
    return undefined;
  return tryOr(
    () => {
      // With such a name every object would seem to have one more.
      for (const _ in Object.prototype) return undefined;
      // Most of what cannot be a column shows in a few of its values.
      if (columnsOf(lists.map(fewOf)) === undefined) return undefined;
      return unlessSkipped(() => {
        const columns = new Columns();
        return isPlain(columns) ? columnsOf(lists, columns) : undefined;
      });
    },
    () => undefined,
  );
}

/** Where it shows late that there are no columns, up to half of the time of the encoding is lost: such values come in a row. */
function unlessSkipped(make: () => Column[] | undefined): Column[] | undefined {
  if (skips.left > 0) {
    skips.left -= 1;
    return undefined;
  }
  const made = tryOr(make, () => undefined);
  skips.next = made === undefined ? Math.min(MAX_SKIPS, 2 * skips.next + 1) : 0;
  skips.left = skips.next;
  return made;
}

/** Pairs of forkfold's own making as a column, on the same conditions. */
export function pairColumn(pairs: readonly (readonly [unknown, unknown])[]): Column | undefined {
  const columns = toColumns([pairs.map(([first]) => first), pairs.map(([, second]) => second)]);
  return columns && { kind: 'tuples', count: pairs.length, columns };
}

function columnsOf(lists: readonly (readonly unknown[])[], columns = new Columns()): Column[] | undefined {
  const made: Column[] = [];
  for (const list of lists) {
    const column = columns.of(list);
    if (column === undefined) return undefined;
    made.push(column);
  }
  return made;
}

// They are taken by slices: an access by index, once it is compiled for arrays with holes too, takes away from an array that it is known
// to have none, and V8 would write it item by item with their indices.
function fewOf(list: readonly unknown[]): readonly unknown[] {
  const middle = list.length >> 1;
  return list.length < 4 ? list : [...list.slice(0, 2), ...list.slice(middle, middle + 1), ...list.slice(-1)];
}
