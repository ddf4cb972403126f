import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CheckedLog, type EntryPlace } from '../../src/checkpoint/checked-log.js';

let [directory, path] = ['', ''];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'checked-log-test-'));
  path = join(directory, 'log');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Every log that is closed waits for the disk. */
const runs = { numRuns: 40 };
const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 8 });

/** The entries of the log, after some more were appended to it. */
function entries(more: readonly Uint8Array[] = [], takes = (_: Buffer): boolean => true): number[][] {
  const found: number[][] = [];
  const places: EntryPlace[] = [];
  const log = new CheckedLog(path, (payload, place) => {
    if (!takes(payload)) return false;
    found.push([...payload]);
    places.push(place);
    return true;
  });
  for (const payload of more) log.append(payload);
  expect(places.map((place) => [...log.read(place)])).toEqual(found);
  log.close();
  return found;
}

const written = (given: readonly Uint8Array[]): number[][] => given.map((payload) => [...payload]);

/** A log of these entries alone; gives where each begins, and its length in the end. */
function begin(given: readonly Uint8Array[]): number[] {
  rmSync(path, { force: true });
  entries(given);
  return given.reduce((starts, payload) => [...starts, starts.at(-1)! + 8 + payload.length], [0]);
}

it('gives back what was appended, now and earlier', () => {
  fc.assert(
    fc.property(payloads, payloads, (first, second) => {
      begin(first);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(entries(second)).toEqual(written(first));
      expect(entries()).toEqual(written([...first, ...second]));
    }),
    runs,
  );
});

it('that was torn anywhere is whole up to there, and goes on', () => {
  fc.assert(
    fc.property(payloads, fc.double({ min: 0, max: 1, noNaN: true }), payloads, (given, part, more) => {
      const starts = begin(given);
      const at = Math.floor(part * starts.at(-1)!);
      truncateSync(path, at);
      const kept = given.filter((_, i) => starts[i + 1]! <= at);
      expect(entries(more)).toEqual(written(kept));
      expect(entries()).toEqual(written([...kept, ...more]));
    }),
    runs,
  );
});

it('that was damaged anywhere is whole up to there, and the rest is cut off', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 0, max: 7 }), (given, where, bit) => {
      const starts = begin(given);
      const bytes = readFileSync(path);
      const at = where % bytes.length;
      bytes[at]! ^= 1 << bit;
      writeFileSync(path, bytes);
      const kept = given.filter((_, i) => starts[i + 1]! <= at);
      expect(entries()).toEqual(written(kept));
      expect(statSync(path).size).toBe(starts[kept.length]);
    }),
    runs,
  );
});

it('ends before an entry that means nothing', () => {
  begin([1, 2, 3].map((byte) => new Uint8Array([byte])));
  expect(entries([], ([byte]) => byte !== 2)).toEqual([[1]]);
  expect(entries()).toEqual([[1]]);
});
