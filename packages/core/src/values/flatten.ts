import { types } from 'node:util';
import { tryOr } from './try-or.js';
import { entriesOfError, headOfError, isInstance, SYMBOL, type ErrorHead } from './error-record.js';
import { kindOf } from './kind.js';
import { preview } from './preview.js';
import { reasonAgainst } from './refusal-reason.js';
import { toSymbolRecord } from './symbol-record.js';
import { Placeholder } from './value-stream.js';

/**
 * A value with its errors, and what is nested too deeply for V8, taken out: placeholders stand in `root` and in
 * `records`, `heads` says what each stands for. Sharing and cycles are kept, since a placeholder is shared too.
 */
export interface Flat {
  readonly heads: readonly Head[];
  readonly root: unknown;
  readonly records: readonly unknown[];
}

/** What a placeholder stands for: a container whose record is a copy of it, or an error whose record is its entries. */
export type Head = readonly [container: ContainerKind] | ErrorHead;

// V8's reader runs out of stack at about 2,400 levels.
const MAX_DEPTH = 200;
// Errors may drag in half the heap (a request, its socket, its server), and a getter may invent a new cause for ever.
const MAX_CAUSES = 10_000;
const BUDGET = 100_000;
const BUDGET_PER_ERROR = 100;
const DESCRIPTION = 1000; // characters
const CHARACTERS_PER_UNIT = 100; // of the budget
const LEFT_OUT = '[left out: too much hangs on this error]';

/** Flattens a value; only inside errors does what cannot cross become a text, elsewhere it is thrown as a `TypeError`. */
export function flatten(value: unknown): Flat {
  const flattener = new Flattener();
  return flattener.finish(flattener.copy(value, 0, 0));
}

/** Flattens what was thrown: what cannot cross becomes a text. `root` is the pair of flags and value of an entry. */
export function flattenThrown(thrown: unknown): Flat {
  const flattener = new Flattener();
  return flattener.finish(flattener.copyThrown(thrown, 1));
}

interface Deferred {
  readonly source: object;
  readonly index: number;
  readonly level: number;
}

// A `level` counts the errors around a value: 0 is outside of them, where what cannot cross is refused.
class Flattener {
  readonly #copies = new Map<object, unknown>();
  readonly #descriptions = new Map<unknown, string>();
  readonly #heads: Head[] = [];
  readonly #records: unknown[] = [];
  readonly #containers: Deferred[] = [];
  readonly #errors: Deferred[] = [];
  #errorsDone = 0;
  #budget = BUDGET;

  copy(value: unknown, level: number, depth: number): unknown {
    if (typeof value === 'function' || typeof value === 'symbol') return this.#describe(value, level);
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const kind = tryOr(
      () => (types.isProxy(value) ? undefined : kindOf(value)),
      () => undefined,
    );
    switch (kind) {
      case undefined:
        return this.#describe(value, level);
      case 'Error':
        return this.#defer(value, level, () => headOfError(value));
      case 'Object':
      case 'Array':
      case 'Map':
      case 'Set':
        if (depth >= MAX_DEPTH) return this.#defer(value, level, () => [kind]);
        if (level > 0 && --this.#budget < 0) return this.#describe(value, level);
        return this.#copyContainer(kind, value, level, depth);
      default:
        if (level > 0 && reasonAgainst(value, 'return') !== undefined) return this.#describe(value, level);
        this.#copies.set(value, value);
        return value;
    }
  }

  /** A value that was thrown itself: a symbol stays one, an instance of a class keeps its properties. */
  copyThrown(value: unknown, level: number): readonly [flags: number, value: unknown] {
    if (typeof value === 'symbol') return [SYMBOL, toSymbolRecord(value)];
    const takeApart =
      typeof value === 'object' && value !== null && !this.#copies.has(value) && isInstance(value);
    return [0, takeApart ? this.#defer(value, level, () => headOfError(value)) : this.copy(value, level, 0)];
  }

  /** Copies what was deferred, and what that defers: so a chain of any length needs no stack. */
  finish(root: unknown): Flat {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { source, index, level } = next;
      const [what, base] = this.#heads[index]!;
      this.#records[index] =
        what === 'Error'
          ? entriesOfError(source, base !== '', (value, thrown) => this.#copyEntry(value, thrown, level + 1))
          : this.#fill(emptyContainer(what), source, level, 0);
    }
    return { heads: this.#heads, root, records: this.#records };
  }

  #describe(value: unknown, level: number): string {
    if (level === 0) throw new TypeError(`${preview(value)} cannot be serialized`);
    if (this.#budget <= 0) return LEFT_OUT;
    const text = this.#descriptions.get(value) ?? preview(value, DESCRIPTION);
    this.#budget -= 1 + text.length / CHARACTERS_PER_UNIT;
    this.#descriptions.set(value, text);
    return text;
  }

  // Containers go first: what a value shares with its errors is then copied by the strict rule.
  #next(): Deferred | undefined {
    const container = this.#containers.pop();
    if (container !== undefined) return container;
    const error = this.#errors[this.#errorsDone];
    this.#errorsDone += 1;
    return error;
  }

  #copyEntry(value: unknown, thrown: boolean, level: number): readonly [flags: number, value: unknown] {
    return thrown || typeof value === 'symbol'
      ? this.copyThrown(value, level)
      : [0, this.copy(value, level, 0)];
  }

  #defer(source: object, level: number, headOf: () => Head): unknown {
    if (level === 0) this.#budget += BUDGET_PER_ERROR;
    else if (level > MAX_CAUSES || --this.#budget < 0) return this.#describe(source, level);
    const index = this.#heads.length;
    const head = headOf();
    const placeholder = new Placeholder(index);
    this.#heads.push(head);
    this.#copies.set(source, placeholder);
    (head[0] === 'Error' ? this.#errors : this.#containers).push({ source, index, level });
    return placeholder;
  }

  #copyContainer(kind: ContainerKind, source: object, level: number, depth: number): unknown {
    const copy = emptyContainer(kind);
    this.#copies.set(source, copy);
    return this.#fill(copy, source, level, depth);
  }

  #fill(target: Container, source: object, level: number, depth: number): Container {
    const copy = (value: unknown): unknown => this.copy(value, level, depth + 1);
    if (target instanceof Map) {
      const entries = Map.prototype.entries.call(source as Map<unknown, unknown>);
      for (const [key, value] of entries) target.set(copy(key), copy(value));
    } else if (target instanceof Set) {
      for (const value of Set.prototype.values.call(source as Set<unknown>)) target.add(copy(value));
    } else {
      if (Array.isArray(target)) target.length = (source as unknown[]).length;
      for (const key of Object.keys(source)) define(target, key, copy(read(source, key, level)));
      for (const key of level > 0 ? Object.getOwnPropertySymbols(source) : []) {
        define(target, key.toString(), copy(read(source, key, level)));
      }
    }
    return target;
  }
}

type ContainerKind = 'Object' | 'Array' | 'Map' | 'Set';
type Container = object | unknown[] | Map<unknown, unknown> | Set<unknown>;

export function emptyContainer(kind: ContainerKind): Container {
  if (kind === 'Map') return new Map();
  if (kind === 'Set') return new Set();
  return kind === 'Array' ? [] : {};
}

/** Assigns, but for `__proto__` and for setters that someone put on Object.prototype. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function read(source: object, key: string | symbol, level: number): unknown {
  const value = (): unknown => (source as Record<string | symbol, unknown>)[key];
  return level === 0 ? value() : tryOr(value, (reason) => `[cannot be read: ${preview(reason)}]`);
}
