import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { SchemaIssue, StandardSchema } from '../../../src/checks/standard-schema.js';
import { BadRecord, PromisedRecord } from '../../../src/source/bad-record.js';
import { rowParser } from '../../../src/source/json/json-rows.js';

const thrown = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
};

function schemaOf(validate: StandardSchema['~standard']['validate']): StandardSchema {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

function mismatch(issues: readonly SchemaIssue[]): BadRecord {
  return thrown(() => rowParser(schemaOf(() => ({ issues })))('1')) as BadRecord;
}

describe('a row', () => {
  it('is what JSON.parse gives, for every line', () => {
    const parse = rowParser(undefined);
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        let expected: unknown;
        try {
          expected = JSON.parse(line);
        } catch (error) {
          const bad = thrown(() => parse(line)) as BadRecord;
          expect(bad).toBeInstanceOf(BadRecord);
          expect(bad.message).toBe(`no JSON: ${(error as Error).message}`);
          expect(bad.cause).toBeInstanceOf(SyntaxError);
          return;
        }
        expect(parse(line)).toEqual(expected);
      }),
    );
  });

  it('is the output of the schema', () => {
    const parse = rowParser(z.object({ n: z.string().transform(Number), by: z.string().default('me') }));
    expect(parse('{"n":"5","more":1}')).toEqual({ n: 5, by: 'me' });
    expect(rowParser(schemaOf((value) => ({ value: [value] })))('null')).toEqual([null]);
    expect(rowParser(schemaOf(() => ({ value: undefined })))('null')).toBeUndefined();
  });
});

describe('a line that does not match the schema', () => {
  it('is described by its issues, path first, which are the cause', () => {
    const parse = rowParser(z.object({ items: z.array(z.object({ 'odd key': z.number() })), id: z.int() }));
    const bad = thrown(() => parse('{"items":[{"odd key":1},{"odd key":"x"}]}')) as BadRecord;
    expect(bad).toBeInstanceOf(BadRecord);
    expect(bad.message).toMatch(
      /^no match for the schema: items\[1\]\["odd key"\]: Invalid.*; id: Invalid[^;]*$/,
    );
    expect(bad.cause).toMatchObject([{ path: ['items', 1, 'odd key'] }, { path: ['id'] }]);
  });

  it('as a whole has issues without a path', () => {
    expect(mismatch([{ message: 'bad' }, { message: 'worse', path: [] }]).message).toBe(
      'no match for the schema: bad; worse',
    );
  });

  it('is described in a bounded message, whatever the schema says', () => {
    const step = { key: 'k'.repeat(1000) };
    const issue = { message: 'm'.repeat(1e6), path: Array.from({ length: 1000 }, () => step) };
    const bad = mismatch(Array.from({ length: 10_000 }, () => issue));
    expect(bad.message.length).toBeLessThan(2000);
    expect(bad.message).toMatch(/; and 9995 more$/);
    expect(bad.cause).toHaveLength(100);
    expect(JSON.stringify(bad.cause).length).toBeLessThan(1e6);
  });
});

describe('a schema that gives a promise', () => {
  const promised = (schema: StandardSchema, line: string): PromisedRecord => {
    const error = thrown(() => rowParser(schema)(line));
    expect(error).toBeInstanceOf(PromisedRecord);
    return error as PromisedRecord;
  };

  it('is asynchronous, whether it is done soon, late or never', async () => {
    const asynchronous = z.number().refine(async (n) => Promise.resolve(n > 0));
    for (const schema of [
      asynchronous,
      schemaOf(async () => sleep(50).then(() => ({ value: 1 }))),
      schemaOf(() => new Promise(() => undefined)),
    ]) {
      const error = promised(schema, '1');
      expect(await error.reason()).toBe(error);
      expect(error.message).toMatch(/is asynchronous, and jsonLines does not wait for promises: .*mapAsync/);
    }
  });

  it('may be one of zod whose function threw: the reason is what it threw', async () => {
    const schema = z.string().transform((text) => BigInt(text));
    expect(rowParser(schema)('"12"')).toBe(12n);
    expect(await promised(schema, '"no"').reason()).toBeInstanceOf(SyntaxError);
    const nested = z.object({ list: z.array(z.object({ deep: schema })) });
    expect(await promised(nested, '{"list":[{"deep":"1"},{"deep":"x"}]}').reason()).toBeInstanceOf(
      SyntaxError,
    );
  });
});
