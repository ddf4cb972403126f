import { runtimeRefusal } from './runtime.js';

// Every other module imports this one, so nothing has been tried by now that another runtime would fail at, or hang in.
const refusal = runtimeRefusal(process.versions);
if (refusal !== undefined) throw new Error(refusal);

// A context of node:vm, in which runners load modules, lacks it on Node.js 20. The symbol is the one that compilers take then.
const { asyncDispose } = Symbol as { asyncDispose?: symbol };
if (asyncDispose === undefined) {
  Object.defineProperty(Symbol, 'asyncDispose', { value: Symbol.for('Symbol.asyncDispose') });
}

/** The version of this package; a test compares it with the manifest. */
export const version = '0.1.0';

/**
 * State that all copies of this version have in common in a process. There are several where two folders of a tree hold
 * the package, and where a loader that compiles to CommonJS evaluates its modules again: a job that one of them defines is
 * found by all, whoever made its dataset.
 *
 * @param name What it is, unique in the package.
 */
export function shared<T>(name: string, make: () => T): T {
  const key = Symbol.for(`@forkfold/core ${version}: ${name}`);
  const held = globalThis as unknown as Record<symbol, T>;
  if (!(key in held)) Object.defineProperty(held, key, { value: make() });
  return held[key]!;
}

/** What tells an object of this package from any other, in each of its copies and versions. Its value is the version. */
export function brand(name: string): symbol {
  return Symbol.for(`@forkfold/core: ${name}`);
}
