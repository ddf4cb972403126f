import type { StandardSchema } from '../checks/standard-schema.js';
import type { Aggregator } from '../fold/aggregator.js';

/** A user function of any shape. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a verb can be given: a function, or an aggregator or a schema as a whole. */
export type Callable = AnyFunction | Aggregator<never, unknown> | StandardSchema;
