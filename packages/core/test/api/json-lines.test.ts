import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { recordCall, type JobCall } from '../../src/plan/job-call.js';
import { addJob } from '../../src/plan/job-table.js';
import { jsonLines } from '../../src/api/json-lines.js';
import type { StandardSchema } from '../../src/checks/standard-schema.js';
import { OptionError } from '../../src/errors.js';

const thrown = (call: () => unknown): OptionError => {
  try {
    call();
  } catch (error) {
    return error as OptionError;
  }
  throw new Error('Nothing was thrown');
};

const job = addJob({ module: 'test:json-lines', build: () => undefined, rebuild: () => [] });
const newCall = (): JobCall => ({ job, arguments: [], functions: [] });

describe('jsonLines', () => {
  it.each([
    [{ shema: z.any() }, 'Unknown option "shema" of jsonLines: did you mean "schema"?', 'shema'],
    [{ schema: 'Row' }, /^Expected "schema" to be a schema of zod 4, or .*, got 'Row' \(string\)$/, 'schema'],
    [{ schema: null }, /^Expected "schema" to be a schema .* got null/, 'schema'],
    [{ schema: { parse: () => 1 } }, /^Expected "schema" to be a schema/, 'schema'],
    [{ schema: { '~standard': { version: 2, validate: () => 1 } } }, /^Expected "schema"/, 'schema'],
    [{ schema: { '~standard': null } }, /^Expected "schema"/, 'schema'],
    [null, /^Expected jsonLines to be given an object of options, got null$/, 'jsonLines'],
  ])('refuses the options %p', (options, message, option) => {
    const error = thrown(() => recordCall(newCall(), () => jsonLines('a.jsonl', options as never)));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
    expect(error.option).toBe(option);
  });

  it('refuses what is no path, as textLines does', () => {
    expect(thrown(() => jsonLines(5 as never)).message).toMatch(/^Expected "paths" to be a path, a glob/);
  });

  it('refuses a schema outside a job, and says how to write one', () => {
    const error = thrown(() => jsonLines('a.jsonl', { schema: z.number() }));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.option).toBe('schema');
    expect(error.message).toContain('defineJob(import.meta.url, () => jsonLines(paths, { schema }))');
    expect(jsonLines('a.jsonl', { schema: undefined })).toBeDefined();
  });

  it('takes a schema that is a function', () => {
    const standard: StandardSchema<number>['~standard'] = {
      version: 1,
      vendor: 'test',
      validate: () => ({ value: 1 }),
    };
    const call = newCall();
    recordCall(call, () =>
      jsonLines('a.jsonl', { schema: Object.assign(() => 1, { '~standard': standard }) }),
    );
    expect(call.functions).toHaveLength(1);
  });
});
