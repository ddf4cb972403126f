import type { BenchOptions } from './bench-options.js';
import { goals, type Goal } from './goals.js';
import { medianOf, ratioOf, type Comparison, type Figure } from './measure/compare.js';
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
    const bound =
      atMost === undefined
        ? `at least ${show(figure, rival, atLeast!)}`
        : `at most ${show(figure, rival, atMost)}`;
    const holds = found !== undefined && found <= (atMost ?? Infinity) && found >= (atLeast ?? 0);
    if (holds) held += 1;
    const { scale = 1 } = results.get(work) ?? {};
    rows.push([
      scale === 1 || short ? work : `${work}, input x ${scale}`,
      program,
      names[figure] ?? figure,
      rival ?? '',
      found === undefined ? 'not measured' : show(figure, rival, found),
      bound,
      found === undefined ? '' : holds ? 'PASS' : 'MISS',
    ]);
  }
  console.log(`\n${held} of ${goals.length} goals hold${short ? '; small inputs say little of that' : ''}\n`);
  printTable(['work', 'program', 'figure', 'beside', 'measured', 'goal', ''], rows);
}

function reached({ program = TWO, figure, rival }: Goal, result: Result | undefined): number | undefined {
  const find = (name: string): Comparison | undefined =>
    result?.comparisons.find((comparison) => comparison.name === name);
  const own = find(program);
  if (own === undefined || rival === undefined) return own && medianOf(own, figure);
  const other = find(rival);
  return other && ratioOf(own, other, figure);
}

/** A ratio as it is, a time in milliseconds, memory in MB, a part in percent. */
function show(figure: Figure, rival: string | undefined, value: number): string {
  if (rival !== undefined) return value.toFixed(2);
  if (figure === 'parentShare') return `${(100 * value).toFixed(0)} %`;
  if (figure.endsWith('emory')) return `${value.toFixed(0)} MB`;
  return `${(1000 * value).toFixed(2)} ms`;
}
