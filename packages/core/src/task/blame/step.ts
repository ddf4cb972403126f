/** What a function under way was given: one record, which it is to blame for; one record to write down; or anything else. */
export type Given = 'record' | 'written' | 'other';

/** A function that runs, as an error names it. */
export interface Step {
  /** The verb whose function it is, or an empty string while forkfold's own code runs. */
  readonly verb: string;
  /** The function, by its number in the plan. */
  readonly fn: number;
  readonly given: Given;
}

const steps: Step[] = [];
const numbers = new Map<string, number>();

/**
 * The number of a step. Where functions are called for each record, the blame is set to a number that was asked for
 * before: to write down verb, function and what it was given would cost as much as a small function does.
 */
export function stepOf(verb: string, fn: number, given: Given = 'other'): number {
  const key = `${verb} ${fn} ${given}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = steps.push({ verb, fn, given }) - 1;
  numbers.set(key, number);
  return number;
}

/** The step of a number that `stepOf` has given. */
export function stepAt(number: number): Step {
  return steps[number]!;
}

/** Forkfold's own code: what it throws is no user's fault. */
export const OWN = stepOf('', -1);
