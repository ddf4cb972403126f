/** So many plans are remembered, those that ran last. */
const MOST = 256;

/** How long each stage of a plan took for a record that it was given, in seconds, when it ran last. */
export type PlanPace = Map<number, number>;

/** What a pool remembers of the plans that it has run: what was quick need not be tried out again, record by record. */
export class Paces {
  readonly #plans = new Map<string, PlanPace>();

  /** @param plan What the plan does, whatever its input. */
  of(plan: string): PlanPace {
    const pace = this.#plans.get(plan) ?? new Map<number, number>();
    this.#plans.delete(plan);
    this.#plans.set(plan, pace);
    if (this.#plans.size > MOST) this.#plans.delete(this.#plans.keys().next().value!);
    return pace;
  }
}
