import { setImmediate } from 'node:timers/promises';
import type { SchemaIssue, StandardSchema } from '../../checks/standard-schema.js';
import { indexStep, propertyStep } from '../../values/value-path.js';
import { isThenable } from '../../values/thenable.js';

/** Issues that a message has, and that an error keeps: a row of a million wrong numbers has a million. */
const [SHOWN, KEPT] = [5, 100];

/** A line that gives no row. The input is to blame; the message says what the line is: `no JSON: Unexpected ...`. */
export class BadLine extends Error {
  // What it becomes in the end, once its place is known.
  override readonly name = 'SourceError';
}

/** A schema has answered with a promise. */
export class PromisedRow extends TypeError {
  readonly #answer: Promise<unknown>;

  constructor(answer: PromiseLike<unknown>) {
    super(
      'the schema is asynchronous, and jsonLines does not wait for promises: check rows by mapAsync instead',
    );
    this.name = 'TypeError';
    this.#answer = Promise.resolve(answer);
    this.#answer.catch(() => undefined);
  }

  /**
   * Why there was a promise: what a function of the schema threw, or this error for a schema that is asynchronous. When a
   * function throws, zod does it all again for a promise, which then is rejected before the event loop turns.
   */
  async reason(): Promise<unknown> {
    const rejected = this.#answer.then(
      () => this,
      (thrown: unknown) => thrown,
    );
    return Promise.race([rejected, setImmediate(this)]);
  }
}

/** Makes rows of lines of JSON. */
export function rowParser(schema: StandardSchema | undefined): (line: string) => unknown {
  if (schema === undefined) return parse;
  const standard = schema['~standard'];
  return (line) => {
    const answer = standard.validate(parse(line));
    if (isThenable(answer)) throw new PromisedRow(answer);
    if (answer.issues !== undefined) throw mismatch(answer.issues);
    return answer.value;
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new BadLine(`no JSON: ${(cause as Error).message}`, { cause });
  }
}

function mismatch(issues: readonly SchemaIssue[]): BadLine {
  const cause = issues.slice(0, KEPT).map(bounded);
  const shown = cause.slice(0, SHOWN).map(inWords);
  if (issues.length > SHOWN) shown.push(`and ${issues.length - SHOWN} more`);
  return new BadLine(`no match for the schema: ${shown.join('; ')}`, { cause });
}

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** The standard's part of an issue, cut to a size that can travel: libraries add more, and quote the row. */
function bounded({ message, path = [] }: SchemaIssue): Issue {
  const keys = path.slice(0, 40).map((step) => (typeof step === 'object' ? step.key : step));
  return {
    message: message.slice(0, 1000),
    path: keys.map((key) => (typeof key === 'string' ? key.slice(0, 100) : key)),
  };
}

/** `items[3].price: expected a number`. */
function inWords({ message, path }: Issue): string {
  const steps = path.map((key) => (typeof key === 'number' ? indexStep(key) : propertyStep(String(key))));
  const place = steps.join('').replace(/^\./, '').slice(0, 100);
  return `${place}${place && ': '}${message.slice(0, 200)}`;
}
