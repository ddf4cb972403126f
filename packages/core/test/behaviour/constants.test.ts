import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const chunks = join(import.meta.dirname, '..', '..', 'dist', 'chunks');

describe('the bundled files', () => {
  it('have the constants of inner loops as constants, whose values V8 writes into its code', () => {
    const scripts = readdirSync(chunks)
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(chunks, file), 'utf8'));
    const lines = scripts.flatMap((script) => script.split('\n'));
    const declared = (keyword: string): string[] =>
      lines.filter((line) => line.startsWith(`${keyword} [ONES, HIGHS, LFS] = `));
    expect(declared('const')).toHaveLength(1);
    expect(declared('var')).toHaveLength(0);
    // What changes stays what it is.
    expect(lines.filter((line) => /^var \w+;$/.test(line)).length).toBeGreaterThan(0);
  });
});
