import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { expect, it } from '@jest/globals';
import { groupReader } from '../../src/shuffle/group/reader.js';
import { GroupWriter } from '../../src/shuffle/group/writer.js';
import { SpilledValues } from '../../src/shuffle/group/spilled-values.js';
import { withTemporaryDirectory } from './temporary-io.js';

/** Gives the values 0, 1, ... of a group that is on the disk. */
function withGroup(count: number, body: (values: SpilledValues) => void): SpilledValues[] {
  return withTemporaryDirectory((directory) => {
    const writer = new GroupWriter(1, 1, directory.io({ memory: 300, inline: 0 }));
    for (let n = 0; n < count; n += 1) writer.add('hot', 0, n);
    const seen: SpilledValues[] = [];
    for (const [, groups] of groupReader(1, writer.finish().segments, directory.io({ memory: 300 }))) {
      const [values] = groups as unknown[];
      expect(values).toBeInstanceOf(SpilledValues);
      seen.push(values as SpilledValues);
      body(values as SpilledValues);
    }
    expect(seen).toHaveLength(1);
    return seen;
  });
}

it('values on the disk are to JSON.stringify, spread and Array.from what an array is', () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  withGroup(100, (values) => {
    expect(JSON.stringify({ values })).toBe(JSON.stringify({ values: numbers }));
    expect([...values]).toEqual(numbers);
    expect(Array.from(values, (n) => n)).toEqual(numbers);
    expect(new Set(values).size).toBe(100);
  });
});

it('are no empty object to what copies properties: it fails, and says what to do', () => {
  withGroup(100, (values) => {
    for (const copy of [structuredClone, serialize])
      expect(() => void copy({ values })).toThrow('[...values]');
  });
});

it('are shown with their number and the first of them, and once they are gone as that', () => {
  const [gone] = withGroup(100, (values) => {
    expect(inspect(values)).toMatch(/^SpilledValues\(100\) \[\s*0, 1, 2, 3, 4,\s+5, 6, 7, 8, 9\s*\] \.\.\.$/);
    expect(inspect({ key: values }, { depth: 0 })).toContain('SpilledValues(100)');
  });
  expect(inspect(gone)).toBe('SpilledValues [ can be read no more ]');
  expect(() => JSON.stringify(gone)).toThrow('copy those you keep');
});
