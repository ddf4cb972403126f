import { indexStep, propertyStep } from '../../values/value-path.js';
import { isThenable } from '../../values/thenable.js';
import type { SchemaIssue, StandardSchema } from '../../checks/standard-schema.js';
import { BadRecord, PromisedRecord } from '../bad-record.js';
import { NO_RECORD } from '../source.js';
import type { RecordReader } from './file-reader.js';
import { lines } from './lines.js';

/** Issues that a message has, and that an error keeps: a row of a million wrong numbers has a million. */
const [SHOWN, KEPT] = [5, 100];

/** Lines of JSON: their values, checked by a schema where there is one. Lines of white space only are no records. */
export function jsonRows(schema?: StandardSchema): RecordReader {
  const toRow = rowParser(schema);
  return { ...lines(), parse: (line) => (isBlank(line as string) ? NO_RECORD : toRow(line as string)) };
}

function isBlank(line: string): boolean {
  // Most lines begin with a visible character of ASCII, so one look is enough.
  const first = line.charCodeAt(0);
  return !(first > 32 && first < 128) && /^\s*$/.test(line);
}

const PROMISED =
  'the schema is asynchronous, and jsonLines does not wait for promises: check rows by mapAsync instead';

/** Makes rows of lines of JSON. */
export function rowParser(schema: StandardSchema | undefined): (line: string) => unknown {
  if (schema === undefined) return parse;
  const standard = schema['~standard'];
  return (line) => {
    const answer = standard.validate(parse(line));
    if (isThenable(answer)) throw new PromisedRecord(PROMISED, answer);
    if (answer.issues !== undefined) throw mismatch(answer.issues);
    return answer.value;
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new BadRecord(`no JSON: ${(cause as Error).message}`, { cause });
  }
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
