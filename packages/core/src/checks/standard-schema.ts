import type { Rule } from './check-arguments.js';

/**
 * A schema of the Standard Schema specification, version 1 (https://standardschema.dev), which zod, Valibot, ArkType and
 * others implement. `Output` is the type of what it makes of a value.
 */
export interface StandardSchema<Output = unknown> {
  /** What the specification asks of a schema. */
  readonly '~standard': {
    /** Of the specification. */
    readonly version: 1;
    /** The library that made it. */
    readonly vendor: string;
    /** Checks a value, and may transform it. A promise is not waited for. */
    readonly validate: (value: unknown) => SchemaResult<Output> | PromiseLike<unknown>;
  };
}

/** What a schema makes of a value. */
export type SchemaResult<Output> =
  | {
      /** What became of the value. */
      readonly value: Output;
      /** Absent where the value is good. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong with it. */
      readonly issues: readonly SchemaIssue[];
    };

/** What is wrong with a value, and where in it. */
export interface SchemaIssue {
  /** In the library's words. */
  readonly message: string;
  /** The keys that lead to it. */
  readonly path?: readonly (PropertyKey | SchemaPathSegment)[] | undefined;
}

/** A step to a part of a value, as some libraries write it. */
export interface SchemaPathSegment {
  /** A property, or an index. */
  readonly key: PropertyKey;
}

export const aSchema: Rule = [
  'a schema of zod 4, or another one with Standard Schema v1',
  (value) => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject) return false;
    const { version, validate } = (value as Partial<StandardSchema>)['~standard'] ?? {};
    return version === 1 && typeof validate === 'function';
  },
];
