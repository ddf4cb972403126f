/** How often in a row no child has started, slot by slot, whichever tasks of the run it was for. */
export class FailedStarts {
  readonly #bySlot = new Map<number, number>();

  /** One more, and how many it are now. */
  add(slot: number): number {
    const count = (this.#bySlot.get(slot) ?? 0) + 1;
    this.#bySlot.set(slot, count);
    return count;
  }

  /** A child has started. */
  end(slot: number): void {
    this.#bySlot.delete(slot);
  }
}
