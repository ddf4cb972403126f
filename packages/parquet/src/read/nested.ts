import type { SchemaElement, SchemaTree } from 'hyparquet';
import { isListLike, isMapLike } from 'hyparquet/src/schema.js';
import { waysOf, type Defaults } from './leaf.js';

/** Makes a plain value of what hyparquet has assembled for one row of a nested column. */
type Finish = (value: unknown) => unknown;

/** The elements of a nested column as hyparquet is to understand them. */
export function storedElements(tree: SchemaTree, defaults: Defaults): Map<SchemaElement, SchemaElement> {
  const stored = new Map<SchemaElement, SchemaElement>();
  const visit = ({ element, children }: SchemaTree): void => {
    if (element.logical_type?.type === 'VARIANT') return;
    if (children.length === 0) stored.set(element, waysOf(element, defaults)[0]!.element);
    for (const child of children) visit(child);
  };
  visit(tree);
  return stored;
}

/** What makes plain values of those of a nested column: its leaves by their types, null for what is not there. */
export function finisher(tree: SchemaTree, defaults: Defaults): Finish {
  const { element, children } = tree;
  const one = element.logical_type?.type === 'VARIANT' ? orNull((value) => value) : ofGroup(tree, defaults);
  const isList = element.repetition_type === 'REPEATED' && !isListLike(tree) && !isMapLike(tree);
  if (children.length === 0 || element.repetition_type === 'REPEATED') return isList ? listOf(one) : one;
  return one;
}

function ofGroup(tree: SchemaTree, defaults: Defaults): Finish {
  const { element, children } = tree;
  if (children.length === 0) {
    const { convert = same, finish = same } = waysOf(element, defaults)[0]!;
    return orNull((value) => finish(convert(value as never) as never));
  }
  if (isListLike(tree)) {
    const repeated = children[0]!;
    // hyparquet leaves out the group between, unless it is a record itself.
    const item =
      repeated.children.length === 1
        ? finisher(repeated.children[0]!, defaults)
        : ofGroup(repeated, defaults);
    return listOf(item);
  }
  if (isMapLike(tree)) {
    const value = finisher(
      children[0]!.children.find((child) => child.element.name === 'value')!,
      defaults,
    );
    return orNull((map) => mapped(map as Record<string, unknown>, () => value));
  }
  const fields = new Map(children.map((child) => [child.element.name, finisher(child, defaults)]));
  return orNull((record) => mapped(record as Record<string, unknown>, (name) => fields.get(name) ?? same));
}

function mapped(record: Record<string, unknown>, finish: (name: string) => Finish): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, finish(name)(value)]));
}

function listOf(item: Finish): Finish {
  return orNull((list) => Array.from(list as ArrayLike<unknown>, item));
}

function orNull(finish: Finish): Finish {
  return (value) => (value === null || value === undefined ? null : finish(value));
}

function same(value: unknown): unknown {
  return value;
}
