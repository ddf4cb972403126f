import type { Callable } from './callable.js';

/** What a job is called with: a dataset, which a child replaces by a stand-in, or a value that travels. */
export type JobArgument = { readonly dataset: true } | { readonly value: unknown };

/** One call of a job: what a child needs to build the same dataset again. */
export interface JobCall {
  readonly module: string;
  /** The job's number among the jobs that its module defines, in order. */
  readonly job: number;
  readonly arguments: readonly JobArgument[];
  /** Every function and aggregator that the builder handed to verbs, in order. */
  readonly functions: Callable[];
}

let current: JobCall | undefined;

/** The job call that is being recorded, if a builder is running. */
export function currentCall(): JobCall | undefined {
  return current;
}

/**
 * Runs a builder and records the functions it hands to verbs. A job called by another job's builder
 * belongs to the outer call: the child builds the outer one only.
 */
export function recordCall<R>(call: JobCall, build: () => R): R {
  if (current !== undefined) return build();
  current = call;
  try {
    return build();
  } finally {
    current = undefined;
  }
}

/**
 * A short hash of each recorded function's text: equal in parent and child unless the file changed or
 * the builder is not deterministic. FNV-1a over UTF-16 code units; not a defence against an attacker.
 */
export function fingerprint(callable: Callable): string {
  const text = textOf(callable);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${text.length.toString(36)}-${(hash >>> 0).toString(36)}`;
}

function textOf(callable: Callable): string {
  if ('~standard' in callable) {
    // Libraries fill in a schema's insides as it is used, and its JSON Schema has defaults that may be another value
    // each time, such as a date: so nothing but the schema's kind is compared.
    const { vendor, validate } = callable['~standard'];
    return `schema;${vendor};${String(validate)}`;
  }
  if (typeof callable === 'function') return Function.prototype.toString.call(callable);
  return [callable.zero, callable.add, callable.merge, callable.finish].map(String).join(';');
}
