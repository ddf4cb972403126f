import { shared } from './shared-state.js';

/**
 * Code that a child finds by the module that exports it: a value, or what the exported function makes of arguments.
 * `forkfold:` begins the names of forkfold's own modules, which a child has loaded already; any other one is a URL.
 */
export interface ModuleRef {
  readonly module: string;
  /** The name under which the module exports it. */
  readonly name: string;
  /** What the exported function is called with; the export itself is meant where there are none. */
  readonly arguments?: readonly unknown[];
}

/** The names of forkfold's own modules. */
export const own = {
  aggregators: 'forkfold:aggregators',
  readers: 'forkfold:readers',
  formats: 'forkfold:formats',
  functions: 'forkfold:functions',
} as const;

/** Whether a module is one of forkfold's own. */
export function isOwn(module: string): boolean {
  return module.startsWith('forkfold:');
}

const refs = shared('refs', () => new WeakMap<object, ModuleRef>());

/**
 * Says where a function, an aggregator or a reader can be found again, so that it may be used outside a job although it
 * closes over other things: a child imports the module instead of reading its text. For libraries that are built on
 * forkfold.
 *
 * @param made What `ref` leads to. It is returned as it is.
 * @param ref `module` is `import.meta.url`; an argument must be able to travel, and may be a function of the user's.
 * @example
 * export const longest = portable(
 *   { zero: () => '', add: longer, merge: longer },
 *   { module: import.meta.url, name: 'longest' },
 * );
 */
export function portable<T extends object>(made: T, ref: ModuleRef): T {
  refs.set(made, ref);
  return made;
}

/** Where something can be found again, if it is known. */
export function moduleRefOf(made: object): ModuleRef | undefined {
  return refs.get(made);
}
