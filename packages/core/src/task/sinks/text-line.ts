/** The line of a record, which must read back as it was written: what would not is refused. @throws TypeError */
export function textLine(record: unknown): string {
  if (typeof record !== 'string') {
    if (Object.is(record, -0)) return '-0';
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
  if (record.endsWith('\r') || record.startsWith('\ufeff')) {
    const what = record.endsWith('\r') ? 'ends with a carriage return' : 'begins with a byte order mark';
    throw new TypeError(
      `a record of writeText ${what}, which a reader of lines drops: cut it off, or use writeJsonLines`,
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
