import { closeSync, openSync, readFileSync, truncateSync, unlinkSync, writeSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../src/errors.js';
import { readBlocks } from '../../src/blocks/block-input.js';
import { CombineWriter } from '../../src/shuffle/combine/writer.js';
import { groupReader } from '../../src/shuffle/group/reader.js';
import { GroupWriter } from '../../src/shuffle/group/writer.js';
import type { Segment } from '../../src/blocks/segment.js';
import { nodeFs } from '../../src/blocks/spill-file.js';
import type { SpillFs } from '../../src/blocks/spill-place.js';
import { withTemporaryDirectory, type TemporaryDirectory } from './temporary-io.js';

/** A disk with room for `room` bytes. */
function fullDisk(room: number, code = 'ENOSPC'): SpillFs {
  let left = room;
  return {
    ...nodeFs,
    write(descriptor, bytes, offset, length) {
      // Linux does the same: first what still fits, then the error.
      const fits = Math.min(left, length);
      if (fits === 0) throw Object.assign(new Error(`${code}: write`), { code });
      left -= fits;
      return nodeFs.write(descriptor, bytes, offset, fits);
    },
  };
}

function segmentOf({ io }: TemporaryDirectory, values: number): Segment {
  const writer = new GroupWriter(1, 1, io({ inline: 0 }));
  for (let i = 0; i < values; i++) writer.add(i % 3, 0, `value ${i}`);
  return writer.finish().segments[0]!;
}

function caught(body: () => unknown): SourceError {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    return error as SourceError;
  }
  throw new Error('expected an error');
}

const sum = {
  create: (v: number) => v,
  add: (a: number, v: number) => a + v,
  merge: (a: number, b: number) => a + b,
};

describe('a full disk', () => {
  it.each([0, 1, 1000, 300_000])(
    'after %d bytes is an error that says where, how much and what to do',
    (room) =>
      withTemporaryDirectory((directory) => {
        const writer = new CombineWriter(sum, 4, directory.io({ memory: 200_000, fs: fullDisk(room) }));
        const { message, file, cause } = caught(() => {
          for (let i = 0; i < 100_000; i++) writer.add(`key-${i}`, i);
          writer.finish();
        });
        expect(message).toMatch(
          new RegExp(
            `^No space left in ${directory.path} after ${room < 250_000 ? room : '\\d+'} bytes of temporary data: free space or set tmpDir$`,
          ),
        );
        expect(file).toContain(directory.path);
        expect((cause as NodeJS.ErrnoException).code).toBe('ENOSPC');
        writer.abort();
        expect(directory.files()).toEqual([]);
      }),
  );

  it('in the reader leaves none of its files', () =>
    withTemporaryDirectory((directory) => {
      const segment = segmentOf(directory, 20_000);
      const io = directory.io({ memory: 50_000, fs: fullDisk(100_000, 'EDQUOT') });
      expect(caught(() => [...groupReader(1, [segment], io)]).message).toMatch(
        /^The disk quota is used up in /,
      );
      expect(directory.files().length).toBe(1);
    }));

  it('is told apart from a failing disk and from a directory that is gone', () =>
    withTemporaryDirectory((directory) => {
      const failing = new GroupWriter(1, 1, directory.io({ inline: 0, fs: fullDisk(0, 'EIO') }));
      failing.add(1, 0, 1);
      expect(caught(() => failing.finish()).message).toMatch(/^Cannot write in .* EIO/);
      const lost = new GroupWriter(1, 1, directory.io({ inline: 0, directory: '/nonexistent/spill' }));
      lost.add(1, 0, 1);
      expect(caught(() => lost.finish()).message).toMatch(/^Cannot write in \/nonexistent\/spill.*ENOENT/);
      expect(directory.files()).toEqual([]);
    }));

  it('abort removes what was written, before and after finish', () =>
    withTemporaryDirectory((directory) => {
      const writer = new GroupWriter(1, 4, directory.io({ memory: 1000 }));
      for (let i = 0; i < 1000; i++) writer.add(i, 0, i);
      expect(directory.files().length).toBe(1);
      writer.abort();
      expect(directory.files()).toEqual([]);
      const finished = new GroupWriter(1, 4, directory.io({ inline: 0 }));
      finished.add(1, 0, 1);
      finished.finish();
      expect(directory.files().length).toBe(1);
      finished.abort();
      finished.abort();
      expect(directory.files()).toEqual([]);
    }));
});

describe('readBlocks', () => {
  it('gives back every block, for any window', () =>
    withTemporaryDirectory((directory) => {
      const segment = segmentOf(directory, 20_000);
      const whole = JSON.stringify([...readBlocks([segment], directory.io())]);
      for (const window of [1, 8, 100, 12_345, 1e9]) {
        expect(JSON.stringify([...readBlocks([segment], directory.io(), window)])).toBe(whole);
      }
      const { file, ...rest } = segment;
      const data = readFileSync(file!);
      expect(JSON.stringify([...readBlocks([{ ...rest, data }], directory.io())])).toBe(whole);
    }));

  it('finds any damaged byte, and names file and position', () =>
    withTemporaryDirectory((directory) => {
      const segment = segmentOf(directory, 12_000);
      const intact = readFileSync(segment.file!);
      const descriptor = openSync(segment.file!, 'r+');
      fc.assert(
        fc.property(fc.nat(segment.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
          writeSync(descriptor, Uint8Array.of(intact[position]! ^ flip), 0, 1, position);
          const error = caught(() => [...readBlocks([segment], directory.io())]);
          expect(error.message).toContain(`spill file ${segment.file} is damaged at byte`);
          expect(error.byte).toBeLessThanOrEqual(position);
          writeSync(descriptor, intact, position, 1, position);
        }),
      );
      closeSync(descriptor);
      expect([...readBlocks([segment], directory.io())].length).toBeGreaterThan(1);
    }));

  it.each([8, 12, 4096])('finds %d bytes of zeros, whose own checksum is right', (zeros) =>
    withTemporaryDirectory((directory) => {
      const segment = segmentOf(directory, 12_000);
      const descriptor = openSync(segment.file!, 'r+');
      writeSync(descriptor, new Uint8Array(zeros), 0, zeros, 0);
      closeSync(descriptor);
      const error = caught(() => [...readBlocks([segment], directory.io())]);
      expect(error).toMatchObject({ file: segment.file, byte: 0 });
    }),
  );

  it('finds damaged data in memory, a torn file and a missing one', () =>
    withTemporaryDirectory((directory) => {
      const segment = segmentOf(directory, 12_000);
      const { file, ...rest } = segment;
      const data = readFileSync(file!);
      data[100]! ^= 1;
      expect(caught(() => [...readBlocks([{ ...rest, data }], directory.io())]).message).toContain('damaged');
      truncateSync(file!, segment.length - 1);
      expect(caught(() => [...readBlocks([segment], directory.io())]).message).toContain('damaged');
      unlinkSync(file!);
      expect(caught(() => [...readBlocks([segment], directory.io())]).message).toContain('cannot be opened');
    }));
});
