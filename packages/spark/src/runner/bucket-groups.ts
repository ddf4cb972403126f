import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RowPlace } from '../sql/row-order.js';
import { BLOCK, CONTINUED, parsePiece } from '../sql/pieces.js';
import { writeAll } from './write-all.js';

/** A run of rows that belong together: a segment of a bucket, or what a range of keys has of a sorted run. */
export interface HeldSegment {
  readonly bucket: number;
  /** The task that has written it; for a range, the number of the sorted run. */
  readonly task: number;
  /** Of a bucket's segment; 0 for a range. */
  readonly entries: number;
  /** Of a range. */
  blocks: number;
  length: number;
  /** The bytes, where they are in memory. */
  pieces: Buffer[] | undefined;
  /** Where they begin in the file, where they are not. */
  offset: number;
}

/** Neighbouring buckets of one stage, which one task reads. */
export interface BucketGroup {
  readonly from: number;
  /** The number of the group among those of the stage. */
  readonly group: number;
  readonly segments: readonly HeldSegment[];
  /** The file of what is not in memory. */
  readonly file: string;
}

/** So many bytes of a group stay in memory: a hot key has most of them. */
const MOST_HELD = 32 * 2 ** 20;

/** Where the bytes of a group go that do not stay in memory. */
export interface GroupPlace {
  readonly directory: string;
  /** Makes the directory. */
  prepare(): void;
}

/** Puts the rows of groups together, which come in the order of their places. */
export class BucketGroups {
  readonly #place: GroupPlace;
  readonly #file: string;
  /** How many buckets a group has, by the stage that has filled them. */
  readonly #spans: ReadonlyMap<number, number>;
  #current: { from: number; group: number; segments: HeldSegment[] } | undefined;
  #held = 0;
  #descriptor: number | undefined;
  #written = 0;
  /** Bytes that were written to files, of all groups. */
  totalWritten = 0;

  constructor(place: GroupPlace, spans: ReadonlyMap<number, number>) {
    this.#place = place;
    this.#spans = spans;
    this.#file = join(place.directory, `in-${process.pid}`);
  }

  /** Takes a row, and gives the group before, if the row is not of it; `add` it again once `release` was called. */
  add({ stage, bucket, task }: RowPlace, text: string): BucketGroup | undefined {
    const group = Math.floor(bucket / (this.#spans.get(stage) ?? 1));
    const current = (this.#current ??= { from: stage, group, segments: [] });
    if (current.from !== stage || current.group !== group) return this.end();
    const { head, bytes } = parsePiece(text);
    const last = current.segments.at(-1);
    const goesOn = last?.bucket === bucket && last.task === task;
    if (!goesOn && `${head}:` === CONTINUED) {
      throw new RangeError('A row goes on with what no row has begun');
    }
    if (!goesOn || head.startsWith('S')) {
      current.segments.push(this.#open(bucket, task, Number(head.slice(1))));
    }
    const segment = current.segments.at(-1)!;
    if (`${head}:` === BLOCK) segment.blocks += 1;
    this.#append(segment, bytes);
    return undefined;
  }

  /** The group that is not complete until no more rows come. */
  end(): BucketGroup | undefined {
    return this.#current && { ...this.#current, file: this.#file };
  }

  /** Forgets the group, and removes its file. */
  release(): void {
    this.#current = undefined;
    this.#held = 0;
    this.#written = 0;
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  #open(bucket: number, task: number, entries: number): HeldSegment {
    const pieces = this.#held < MOST_HELD ? [] : undefined;
    return { bucket, task, entries, blocks: 0, length: 0, pieces, offset: this.#written };
  }

  #append(segment: HeldSegment, bytes: Buffer): void {
    segment.length += bytes.length;
    const { pieces } = segment;
    if (pieces !== undefined && this.#held + bytes.length <= MOST_HELD) {
      pieces.push(bytes);
      this.#held += bytes.length;
      return;
    }
    if (pieces !== undefined) {
      segment.pieces = undefined;
      segment.offset = this.#written;
      for (const piece of pieces) this.#write(piece);
    }
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    if (this.#descriptor === undefined) {
      this.#place.prepare();
      this.#descriptor = openSync(this.#file, 'w', 0o600);
    }
    writeAll(this.#descriptor, bytes);
    this.#written += bytes.length;
    this.totalWritten += bytes.length;
  }
}
