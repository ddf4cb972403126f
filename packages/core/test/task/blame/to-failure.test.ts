import { describe, expect, it } from '@jest/globals';
import { BadRecord } from '../../../src/source/bad-record.js';
import { Blame } from '../../../src/task/blame/blame.js';
import { toFailure } from '../../../src/task/blame/to-failure.js';

describe('the failure of what gives no record', () => {
  it.each([
    [{}, "A line is no number ('x'); mend the line, or"],
    [{ file: '/a.txt', line: 3, byte: 40 }, "/a.txt:3 (byte 40) is no number ('x'); mend the line, or"],
    [{ file: '/a.parquet', index: 12 }, "Record 12 of /a.parquet is no number ('x'); mend the record, or"],
  ])('says where it stands: %o', (position, words) => {
    const blame = new Blame();
    blame.stand({ records: ['x'], locate: () => position }, 0);
    const failure = toFailure(new BadRecord('no number'), { blame, functions: [], isOfRun: () => false });
    expect(failure).toMatchObject({ kind: 'source', position });
    expect((failure as { message: string }).message).toBe(`${words} leave it out with onError: 'skip'`);
  });
});
