import type { StandardSchema } from '../../checks/standard-schema.js';
import { BadRecord } from '../bad-record.js';
import { NO_RECORD } from '../source.js';
import type { RecordReader } from '../readers/file-reader.js';
import { lines } from '../readers/lines.js';
import { schemaCheck } from '../readers/schema-check.js';

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

/** Makes rows of lines of JSON. */
export function rowParser(schema: StandardSchema | undefined): (line: string) => unknown {
  if (schema === undefined) return parse;
  const check = schemaCheck(schema, 'jsonLines');
  return (line) => check(parse(line));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new BadRecord(`no JSON: ${(cause as Error).message}`, { cause });
  }
}
