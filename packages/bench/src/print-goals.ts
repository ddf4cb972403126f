import type { BenchOptions } from './bench-options.js';
import { goals, type Goal } from './goals.js';
import { medianOf, ratioOf, type Figure } from './measure/compare.js';
import { savedResult, type Result } from './measure/results.js';
import { printTable } from './measure/table.js';
import { TWO } from './questions/question.js';

const names: Partial<Record<Figure, string>> = {
  seconds: 'time when warm',
  wall: 'time',
  cpu: 'CPU',
  memory: 'MB of all',
  parentMemory: 'MB of the parent',
  childMemory: 'MB of a child',
  parentShare: "the parent's part of all CPU",
};

/** Prints which goals hold, by what was measured last. */
export function printGoals({ cache, short }: BenchOptions): void {
  const rows: string[][] = [];
  let held = 0;
  const results = new Map<string, Result | undefined>();
  for (const goal of goals) {
    const { work, program = TWO, figure, rival, atMost, atLeast } = goal;
    if (!results.has(work)) results.set(work, savedResult(cache, work, short));
    const found = reached(goal, results.get(work));
    const bound = atMost === undefined ? `at least ${show(goal, atLeast!)}` : `at most ${show(goal, atMost)}`;
    const holds = found !== undefined && found.value <= (atMost ?? Infinity) && found.value >= (atLeast ?? 0);
    if (holds) held += 1;
    const { scale = 1 } = results.get(work) ?? {};
    rows.push([
      scale === 1 || short ? work : `${work}, input x ${scale}`,
      program,
      names[figure] ?? figure,
      found?.rival ?? (typeof rival === 'string' ? rival : rival === undefined ? '' : 'other pools'),
      found === undefined ? 'not measured' : show(goal, found.value),
      bound,
      found === undefined ? '' : holds ? 'PASS' : 'MISS',
    ]);
  }
  console.log(`\n${held} of ${goals.length} goals hold${short ? '; small inputs say little of that' : ''}\n`);
  printTable(['work', 'program', 'figure', 'beside', 'measured', 'goal', ''], rows);
}

interface Reached {
  readonly value: number;
  /** Of several, the one that is the nearest to forkfold, or the farthest ahead of it. */
  readonly rival?: string;
}

function reached({ program = TWO, figure, rival }: Goal, result: Result | undefined): Reached | undefined {
  const all = result?.comparisons ?? [];
  const own = all.find(({ name }) => name === program);
  if (own === undefined || rival === undefined) return own && { value: medianOf(own, figure) };
  return all
    .filter(({ name }) => (typeof rival === 'string' ? name === rival : rival.includes(name)))
    .map((other) => ({ value: ratioOf(own, other, figure), rival: other.name }))
    .sort((a, b) => b.value - a.value)[0];
}

/** A ratio as it is, a time in milliseconds, memory in MB, a part in percent. */
function show({ figure, rival }: Goal, value: number): string {
  if (rival !== undefined) return value.toFixed(2);
  if (figure === 'parentShare') return `${(100 * value).toFixed(0)} %`;
  if (figure.endsWith('emory')) return `${value.toFixed(0)} MB`;
  return `${(1000 * value).toFixed(2)} ms`;
}
