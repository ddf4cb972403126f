import { Gaps } from '../../blocks/gaps.js';
import type { KeyWeights } from '../../protocol/task-usage.js';
import { escapeControls, preview } from '../../values/preview.js';

/** So many keys are looked at before it is one here and there. */
const ALL = 64;
/** From then on one in so many: to see one takes far longer than to leave it out. */
const OFTEN = 64;
/** So many keys are remembered; when there are more, the lighter half is forgotten. */
const MOST = 256;
/** So many are told. */
const TOLD = 4;
/** Characters of a key that are told. */
const LENGTH = 80;

/** Finds the keys that most records have, by a sample that is the same in every run. */
export class HeavyKeys {
  readonly #weights = new Map<string, number>();
  readonly #gaps = new Gaps();
  #looks = 0;
  #gap = 1;
  #wait = 1;
  #seen = 0;

  /** A record has this key. */
  see(key: unknown): void {
    this.#wait -= 1;
    if (this.#wait > 0) return;
    this.#seen += this.#gap;
    this.#add(inWords(key), this.#gap);
    this.#looks += 1;
    this.#gap = this.#looks < ALL ? 1 : this.#gaps.next(OFTEN);
    this.#wait = this.#gap;
  }

  /** Takes what another sample has found. */
  merge({ seen, heaviest }: KeyWeights): void {
    this.#seen += seen;
    for (const [key, records] of heaviest) this.#add(key, records);
  }

  /** What was found. */
  weights(): KeyWeights | undefined {
    if (this.#seen === 0) return undefined;
    return { seen: this.#seen, heaviest: this.#sorted().slice(0, TOLD) };
  }

  #add(key: string, records: number): void {
    this.#weights.set(key, (this.#weights.get(key) ?? 0) + records);
    if (this.#weights.size <= MOST) return;
    for (const [light] of this.#sorted().slice(MOST / 2)) this.#weights.delete(light);
  }

  #sorted(): [string, number][] {
    return [...this.#weights].sort(([, a], [, b]) => b - a);
  }
}

function inWords(key: unknown): string {
  // A preview takes several microseconds.
  if (typeof key === 'number') return String(key);
  return typeof key === 'string' ? escapeControls(key.slice(0, LENGTH)) : preview(key, LENGTH);
}
