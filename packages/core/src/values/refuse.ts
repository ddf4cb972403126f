import { SerializationError } from '../errors.js';
import { kindOf } from './kind.js';
import { preview } from './preview.js';
import { reasonAgainst } from './refusal-reason.js';
import * as path from './value-path.js';
import type { Place } from './value-path.js';

/**
 * Walks a value that may be unable to cross, and names the first part that cannot.
 *
 * @param firstIndex Added to the index of a top-level array in the path.
 * @throws SerializationError whose message starts with the path and ends with the remedy.
 */
export function refuse(value: unknown, root: string, firstIndex: number): void {
  const verb = /^(result|record)/.test(root) ? 'return' : 'pass';
  const seen = new Set<object>();
  const stack: Place[] = [{ value, step: root, parent: undefined }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const here = place;
    const why = look(here, () => reasonAgainst(here.value, verb));
    if (why !== undefined) throw refusal(here, why);
    const object = here.value;
    if (typeof object !== 'object' || object === null || seen.has(object)) continue;
    seen.add(object);
    if (kindOf(object) === 'Error') continue; // in an error, what cannot cross becomes a text
    for (const child of childrenOf(object, here, firstIndex, verb).reverse()) stack.push(child);
  }
}

/** The parts that may be unable to cross, in order. */
function childrenOf(object: object, place: Place, firstIndex: number, verb: string): Place[] {
  const children: Place[] = [];
  const add = (value: unknown, step: () => string): void => {
    const suspect = typeof value === 'function' || typeof value === 'symbol' || typeof value === 'object';
    if (suspect && value !== null) children.push({ value, step: step(), parent: place });
  };
  const kind = kindOf(object);
  if (kind === 'view') return children;
  if (kind === 'Map') {
    let i = 0;
    for (const [key, value] of Map.prototype.entries.call(object as Map<unknown, unknown>)) {
      const index = i++;
      add(key, () => path.mapKeyStep(index));
      add(value, () => path.mapValueStep(key));
    }
  } else if (kind === 'Set') {
    let i = 0;
    for (const value of Set.prototype.values.call(object as Set<unknown>)) {
      const index = i++;
      add(value, () => path.setMemberStep(index));
    }
  }
  const first = place.parent === undefined ? firstIndex : 0;
  for (const key of Object.keys(object)) {
    const step = (): string =>
      kind === 'Array' && /^\d+$/.test(key) ? path.indexStep(Number(key) + first) : path.propertyStep(key);
    if (kind === 'Array' || kind === 'Object') add(read(object, key, step, place), step);
    else if (kind !== 'String' || !/^\d+$/.test(key)) {
      const owner = { value: undefined, step: step(), parent: place };
      throw refusal(owner, `is a property of its own on a ${kind}: ${verb} it beside the ${kind}`);
    }
  }
  for (const key of Object.getOwnPropertySymbols(object)) {
    if (!Object.prototype.propertyIsEnumerable.call(object, key)) continue;
    const owner = { value: undefined, step: `[${preview(key, 60)}]`, parent: place };
    throw refusal(owner, `has a symbol as its key: ${verb} plain data, with a string as the key`);
  }
  return children;
}

function read(object: object, key: string, step: () => string, parent: Place): unknown {
  const owner = (): Place => ({ value: undefined, step: step(), parent });
  return look(owner, () => (object as Record<string, unknown>)[key], 'has a getter that throws');
}

function look<R>(place: Place | (() => Place), action: () => R, what = 'cannot be looked into'): R {
  try {
    return action();
  } catch (cause) {
    const where = typeof place === 'function' ? place() : place;
    throw refusal(where, `${what}: ${preview(cause)}`, { cause });
  }
}

function refusal(place: Place, why: string, options?: { cause: unknown }): SerializationError {
  const where = path.renderPath(place);
  return new SerializationError(`${where} ${why}`, where, options);
}
