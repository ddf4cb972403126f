import { OptionError } from '../errors.js';

/** How many parts each directory of an output has; the name of the output itself is empty. */
export class NumberedParts {
  /** Numbers by directory. */
  readonly #numbers = new Map<string, number[]>();
  /** The next number by what a file system may take for the same directory: some do not tell `DE` and `de` apart. */
  readonly #next = new Map<string, number>();
  #columns: string | undefined;

  /** The highest number of all parts, -1 where there are none. */
  get highest(): number {
    let highest = -1;
    for (const next of this.#next.values()) highest = Math.max(highest, next - 1);
    return highest;
  }

  /** The number of the next part of a directory. @throws OptionError for directories of other columns than those before. */
  next(directory: string): { readonly number: number; readonly isFirst: boolean } {
    const numbers = this.#numbers.get(directory);
    if (numbers === undefined) this.#check(directory);
    const folded = directory.normalize().toLowerCase();
    const number = this.#next.get(folded) ?? 0;
    this.#next.set(folded, number + 1);
    if (numbers === undefined) this.#numbers.set(directory, [number]);
    else numbers.push(number);
    return { number, isFirst: numbers === undefined };
  }

  /** All parts, those of a directory after one another, directories by their names. */
  all(): [directory: string, number: number][] {
    const sorted = [...this.#numbers].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.flatMap(([directory, numbers]) =>
      numbers.map((number): [string, number] => [directory, number]),
    );
  }

  /** Every directory within the output, inner ones before those around them. */
  directories(): string[] {
    const all = new Set<string>();
    for (const directory of this.#numbers.keys()) {
      const steps = directory === '' ? [] : directory.split('/');
      for (let length = steps.length; length > 0; length -= 1) all.add(steps.slice(0, length).join('/'));
    }
    return [...all].sort((a, b) => b.length - a.length);
  }

  /** No reader of partitioned files takes directories of different columns. */
  #check(directory: string): void {
    const columns = directory
      .split('/')
      .map((step) => step.slice(0, step.indexOf('=')))
      .join(', ');
    this.#columns ??= columns;
    if (columns === this.#columns) return;
    throw new OptionError(
      `The function given to partitionBy gave ${columns} for some records, and ${this.#columns} for others: return the same names for all`,
      'partitionBy',
    );
  }
}
