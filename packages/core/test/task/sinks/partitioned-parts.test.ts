import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SourceError } from '../../../src/errors.js';
import { PartFile } from '../../../src/task/sinks/part-file.js';
import type { PartEncoder } from '../../../src/task/sinks/part-format.js';
import { partitionedParts } from '../../../src/task/sinks/partitioned-parts.js';
import type { Parts } from '../../../src/task/sinks/parts.js';

let directory: string;
let files: PartFile[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'forkfold-parts-'));
  files = [];
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Records are pairs of a directory and a text. */
function opened(format: () => PartEncoder = () => ({ encode: String })): Parts {
  return partitionedParts({
    format,
    target: directory,
    enter: () => undefined,
    place(given) {
      const [of, record] = given as [string, unknown];
      return { directory: of, record };
    },
    makeFile(ending) {
      const remedy = 'write to another disk';
      const file = new PartFile({ path: join(directory, `part${ending}`), directory, remedy, gzip: false });
      files.push(file);
      return file;
    },
  });
}

describe('parts of many directories', () => {
  it('hold their records in order, with few files open', () => {
    const parts = opened();
    let most = 0;
    for (let n = 0; n < 3000; n += 1) {
      parts.add([`d=${n % 300}`, `${n}\n`]);
      most = Math.max(most, files.filter(({ isOpen }) => isOpen).length);
    }
    expect(most).toBeLessThanOrEqual(64);
    const written = parts.finish();
    expect(written.map((part) => part.directory)).toEqual(Array.from({ length: 300 }, (_, n) => `d=${n}`));
    for (const [n, { path, records, bytes }] of written.entries()) {
      const text = Array.from({ length: 10 }, (_, i) => `${n + 300 * i}\n`).join('');
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect({ records, bytes }).toEqual({ records: 10, bytes: text.length });
    }
  });

  it('hold little in memory, and ask encoders for what they hold', () => {
    let [held, most, flushes] = [0, 0, 0];
    const parts = opened(() => {
      let rows = '';
      const give = (): string => {
        const text = `[${rows}]`;
        held -= rows.length;
        rows = '';
        return text;
      };
      return {
        get held() {
          return rows.length;
        },
        encode(record) {
          rows += record as string;
          held += (record as string).length;
          most = Math.max(most, held + files.reduce((sum, file) => sum + file.held, 0));
          return '';
        },
        flush() {
          flushes += 1;
          return give();
        },
        end: () => `${give()}.`,
      };
    });
    const text = 'x'.repeat(2 ** 20);
    for (let n = 0; n < 40; n += 1) parts.add([`d=${n % 4}`, text]);
    expect(most).toBeLessThan(18 * 2 ** 20);
    expect(flushes).toBeGreaterThan(0);
    for (const { path } of parts.finish()) {
      const written = readFileSync(path, 'utf8');
      expect(written.replaceAll('x', '').replaceAll('][', '')).toBe('[].');
      expect(written.replace(/[^x]/g, '')).toHaveLength(10 * 2 ** 20);
    }
  });

  it('are removed as a whole, those that rest, too', () => {
    const parts = opened();
    for (let n = 0; n < 200; n += 1) parts.add([`d=${n}`, 'x']);
    expect(readdirSync(directory)).toHaveLength(200);
    parts.abort();
    expect(readdirSync(directory)).toEqual([]);
    parts.abort();
  });

  it('make no file for a record that cannot be written', () => {
    const parts = opened(() => ({
      encode() {
        throw new TypeError('no');
      },
    }));
    expect(() => parts.add(['d=1', 'x'])).toThrow('no');
    expect(readdirSync(directory)).toEqual([]);
    expect(parts.finish()).toEqual([]);
  });

  it('are not more than ten thousand', () => {
    const parts = partitionedParts({
      format: () => ({ encode: () => '' }),
      target: '/out',
      enter: () => undefined,
      place: (n) => ({ directory: `d=${String(n)}`, record: n }),
      makeFile: () => ({ add: () => undefined, held: 0, isOpen: false }) as unknown as PartFile,
    });
    const addAll = (): void => Array.from({ length: 10_001 }, (_, n) => parts.add(n)) && undefined;
    expect(addAll).toThrow(SourceError);
    expect(addAll).toThrow('more than 10000 directories of what one task writes to /out');
  });
});
