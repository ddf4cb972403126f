import { BlockOutput } from '../../blocks/block-output.js';
import type { GroupLog } from './log.js';
import { KeyIndex } from '../keys/key-index.js';
import type { Segment } from '../../blocks/segment.js';
import { segmentsByBucket } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { MAX_LEVEL, seedOfLevel } from '../split.js';

/** A key that has this share of the values that filled the memory gets a part of its own: hashing cannot split it. */
const HEAVY_SHARE = 1 / 8;

interface SplitOptions {
  /** The number of inputs. */
  readonly tags: number;
  /** Into how many parts. */
  readonly factor: number;
  /** How often what is split was split before. */
  readonly level: number;
}

/** A bucket on its way to parts: by hash, and for every tag of a heavy key a part of its own behind these. */
export class GroupSplit {
  readonly #output: BlockOutput;
  readonly #tags: number;
  readonly #factor: number;
  /** Heavy keys; the number of each is its place among them. */
  readonly #heavy: KeyIndex;

  constructor(log: GroupLog, { tags, factor, level }: SplitOptions, place: SpillPlace) {
    this.#output = new BlockOutput({ ...place, inline: 0 });
    this.#tags = tags;
    this.#factor = factor;
    this.#heavy = new KeyIndex(seedOfLevel(level));
    // Decided once, by what filled the memory first: a key must not change its part. One that gets heavy later is
    // found when its part is read. At the last level hashing has failed, and every key here gets a part of its own.
    const keys = log.keysWithShare(level < MAX_LEVEL ? HEAVY_SHARE : 0);
    keys.forEach((key, i) => this.#heavy.setNumber(this.#heavy.record(key), i));
  }

  /** Writes what the log holds to the parts, and empties it. */
  take(log: GroupLog): void {
    const factor = this.#factor;
    const heavy = this.#heavy;
    log.flush(this.#output, factor + heavy.size * this.#tags, (index, record, tag) => {
      const found = heavy.find(index, record);
      return found === 0 ? index.hash(record) % factor : factor + heavy.number(found) * this.#tags + tag;
    });
  }

  /** The segments of every part, and those of every heavy key, a list a tag. */
  finish(): { parts: Segment[][]; heavy: [key: unknown, segmentsByTag: Segment[][]][] } {
    const keys = Array.from(this.#heavy.records(), (record) => this.#heavy.key(record));
    const all = segmentsByBucket([this.#output.finish()], this.#factor + keys.length * this.#tags);
    const own = (i: number): Segment[][] => {
      const first = this.#factor + i * this.#tags;
      return all.slice(first, first + this.#tags);
    };
    return { parts: all.slice(0, this.#factor), heavy: keys.map((key, i) => [key, own(i)]) };
  }

  /** Removes the file. May be called at any time, and again. */
  remove(): void {
    this.#output.remove();
  }
}
