import { types } from 'node:util';
import { decodeThrown, encodeThrown, type EncodedThrown } from './error-codec.js';

/**
 * A value whose errors are taken out, since structured cloning loses their class, properties and cause. Each error's
 * place in `tree` is held by an object that `places` holds too: a serializer keeps the two the same object.
 */
export interface WithoutErrors {
  readonly tree: readonly [unknown];
  readonly places: readonly object[];
  readonly errors: readonly EncodedThrown[];
}

/** Copies a value with its errors taken out. Cycles and shared parts stay what they are. */
export function takeErrors(value: unknown): WithoutErrors {
  const copies = new Map<object, object>();
  const places: object[] = [];
  const errors: EncodedThrown[] = [];

  function copy(part: unknown): unknown {
    if (typeof part !== 'object' || part === null) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    if (types.isNativeError(part)) {
      const place = {};
      copies.set(part, place);
      places.push(place);
      errors.push(encodeThrown(part));
      return place;
    }
    if (types.isMap(part)) {
      const made = new Map<unknown, unknown>();
      copies.set(part, made);
      for (const [key, entry] of part) made.set(copy(key), copy(entry));
      return made;
    }
    if (types.isSet(part)) {
      const made = new Set<unknown>();
      copies.set(part, made);
      for (const member of part) made.add(copy(member));
      return made;
    }
    if (!Array.isArray(part) && Object.prototype.toString.call(part) !== '[object Object]') return part;
    const made: object = Array.isArray(part) ? new Array<unknown>(part.length) : {};
    copies.set(part, made);
    for (const name of Object.keys(part)) define(made, name, copy((part as Record<string, unknown>)[name]));
    return made;
  }

  return { tree: [copy(value)], places, errors };
}

/** Puts the errors back into their places, in the very objects of `tree`. */
export function putErrors({ tree, places, errors }: WithoutErrors): unknown {
  const rebuilt = new Map<unknown, unknown>(places.map((place, i) => [place, decodeThrown(errors[i]!)]));
  const seen = new Set<object>();

  function put(part: unknown): unknown {
    if (typeof part !== 'object' || part === null || seen.has(part)) return part;
    if (rebuilt.has(part)) return rebuilt.get(part);
    seen.add(part);
    if (types.isMap(part)) {
      const entries = [...part];
      part.clear();
      for (const [key, entry] of entries) part.set(put(key), put(entry));
    } else if (types.isSet(part)) {
      const members = [...part];
      part.clear();
      for (const member of members) part.add(put(member));
    } else if (!ArrayBuffer.isView(part)) {
      for (const name of Object.keys(part)) {
        const member = (part as Record<string, unknown>)[name];
        const filled = put(member);
        if (filled !== member) define(part, name, filled);
      }
    }
    return part;
  }

  return put(tree[0]);
}

// Not by assignment: a key such as `__proto__` is data.
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
