import { inspect, type InspectOptions } from 'node:util';
import { readBlocks } from '../../blocks/block-input.js';
import { isPlain } from '../../values/is-plain.js';
import type { GroupBlock } from './block-builder.js';
import type { Segment } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';

/** How many values `console.log` shows. */
const SHOWN = 10;

/** The values of one key, read from the disk, block by block, every time they are iterated; until `close`. */
export class SpilledValues implements Iterable<unknown> {
  /** What copies properties only, such as `structuredClone`, would make an empty object. It stumbles over this, and quotes it. */
  readonly onDisk = Symbol('the values of a group are on the disk: copy them first, as in [...values]');
  readonly #segments: readonly Segment[];
  readonly #place: SpillPlace;
  readonly #open = new Set<Generator<unknown, void, undefined>>();
  #closed = false;

  /** How many there are in this process that can be read. */
  static readable = 0;

  constructor(segments: readonly Segment[], place: SpillPlace) {
    SpilledValues.readable += 1;
    this.#segments = segments;
    this.#place = place;
  }

  *[Symbol.iterator](): Generator<unknown, void, undefined> {
    this.#check();
    const blocks = readBlocks(this.#segments, this.#place);
    this.#open.add(blocks);
    try {
      for (const block of blocks) {
        const { values } = block as GroupBlock;
        for (let i = 0; i < values.length; i++) {
          yield values[i];
          this.#check();
        }
      }
    } finally {
      this.#open.delete(blocks);
    }
  }

  /** What `JSON.stringify` writes: all values. */
  toJSON(): unknown[] {
    return Array.from(this);
  }

  /** What `console.log` shows: how many there are, and the first ones. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    if (this.#closed) return 'SpilledValues [ can be read no more ]';
    const first: unknown[] = [];
    for (const value of this) if (first.push(value) === SHOWN) break;
    const count = this.#segments.reduce((sum, { entries }) => sum + entries, 0);
    return `SpilledValues(${count}) ${inspect(first, options)}${count > SHOWN ? ' ...' : ''}`;
  }

  /** Ends every iteration that is still under way, and closes its file. */
  close(): void {
    if (!this.#closed) SpilledValues.readable -= 1;
    this.#closed = true;
    for (const blocks of this.#open) blocks.return();
    this.#open.clear();
  }

  #check(): void {
    if (this.#closed) {
      throw new Error(
        'the values of a group can be read only until the next group is taken: copy those you keep',
      );
    }
  }
}

/**
 * The record, with arrays in place of values on the disk, wherever they are in its arrays and plain objects: for who keeps
 * a record longer than until the next group. Costs nothing while no group is so large.
 */
export function withValuesInMemory(record: unknown): unknown {
  return SpilledValues.readable === 0 ? record : copyPart(record, 0);
}

/** Deeper than this nobody puts a group. */
const MAX_DEPTH = 4;

function copyPart(part: unknown, depth: number): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (part instanceof SpilledValues) return Array.from(part);
  if (depth === MAX_DEPTH || !(Array.isArray(part) || isPlain(part))) return part;
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(part)) {
    const copied = copyPart(value, depth + 1);
    if (copied === value) continue;
    copy ??= (Array.isArray(part) ? part.slice() : { ...part }) as Record<string, unknown>;
    copy[name] = copied;
  }
  return copy ?? part;
}
