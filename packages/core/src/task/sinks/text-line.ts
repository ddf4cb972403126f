/** The line of a record, which must read back as it was written: what would not is refused. @throws TypeError */
export function textLine(record: unknown): string {
  if (typeof record !== 'string') {
    if (['number', 'bigint', 'boolean'].includes(typeof record)) return String(record);
    throw new TypeError(
      `writeText takes strings, numbers, bigints and booleans, not ${kind(record)}: map it to a string first`,
    );
  }
  if (record.includes('\n')) {
    throw new TypeError(
      'a record of writeText holds a line feed and would become several lines: split it by flatMap, or use writeJsonLines',
    );
  }
  if (!(record as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new TypeError(
      'a record of writeText holds a lone surrogate, which UTF-8 cannot write: map it with toWellFormed()',
    );
  }
  return record;
}

function kind(record: unknown): string {
  return record === null || record === undefined ? String(record) : `a value of type ${typeof record}`;
}
