import { indexStep, propertyStep } from '../../values/value-path.js';
import { isThenable } from '../../values/thenable.js';
import type { SchemaIssue, StandardSchema } from '../../checks/standard-schema.js';
import { BadRecord, PromisedRecord } from '../bad-record.js';

/** Issues that a message has, and that an error keeps: a row of a million wrong numbers has a million. */
const [SHOWN, KEPT] = [5, 100];

/**
 * Checks rows by a schema, and gives what it makes of them; a row without a match is a `BadRecord`.
 *
 * @param source How the user calls the source that has the schema.
 */
export function schemaCheck(schema: StandardSchema, source: string): (row: unknown) => unknown {
  const standard = schema['~standard'];
  const promised = `the schema is asynchronous, and ${source} does not wait for promises: check rows by mapAsync instead`;
  return (row) => {
    const answer = standard.validate(row);
    if (isThenable(answer)) throw new PromisedRecord(promised, answer);
    if (answer.issues !== undefined) throw mismatch(answer.issues);
    return answer.value;
  };
}

function mismatch(issues: readonly SchemaIssue[]): BadRecord {
  const cause = issues.slice(0, KEPT).map(bounded);
  const shown = cause.slice(0, SHOWN).map(inWords);
  if (issues.length > SHOWN) shown.push(`and ${issues.length - SHOWN} more`);
  return new BadRecord(`no match for the schema: ${shown.join('; ')}`, { cause });
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
