import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import type { Program } from './measure/program.js';
import { runProgram } from './measure/run-program.js';
import { selfTimes, type SelfTime } from './measure/self-times.js';
import { printTable } from './measure/table.js';
import { questions } from './questions/index.js';
import type { Question } from './questions/question.js';

const TOP = 10;

/**
 * Where forkfold spends its time: one run of a question's program with two processes, or of those whose names hold one of the
 * texts behind the question, with profiles of parent and children. All questions without a name.
 */
export async function profile(options: BenchOptions): Promise<void> {
  const [name, ...texts] = options.only;
  if (name !== undefined && !(name in questions)) throw new Error(`No such question: ${name}`);
  for (const [each, question] of Object.entries(questions)) {
    if (name !== undefined && name !== each) continue;
    const { programs } = question.ask(options);
    const chosen = programs.filter((program) =>
      texts.length === 0
        ? /^forkfold.*(, 2 processes|in turn|at once)$/.test(program.name)
        : texts.some((text) => program.name.includes(text)),
    );
    for (const program of chosen) await profileOf(program, question, options);
  }
}

async function profileOf(program: Program, question: Question, options: BenchOptions): Promise<void> {
  const { title, records } = question.ask(options);
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-profile-'));
  try {
    const [parent, children] = [join(directory, 'parent'), join(directory, 'children')];
    const { wall, cpu, ownCpu } = await runProgram({
      ...program,
      args: ['--no-turbo-inlining', '--cpu-prof', `--cpu-prof-dir=${parent}`, ...program.args],
      env: { ...program.env, FORKFOLD_BENCH_PROFILE: children },
    });
    const inSeconds = [wall, ownCpu, cpu - ownCpu].map((seconds) => `${seconds.toFixed(2)} s`);
    console.log(`\n${title}: ${program.name}`);
    console.log(
      `${inSeconds[0]}, CPU of the parent ${inSeconds[1]}, of children ${inSeconds[2]}; ${records} records`,
    );
    print('parent', selfTimes(parent), records);
    print('children', selfTimes(children), records);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function print(who: string, times: readonly SelfTime[], records: number): void {
  if (times.length === 0) {
    console.log(`\nNo profile of ${who}: they worked in the parent, or were killed`);
    return;
  }
  const all = times.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log();
  printTable(
    [`${who}: ${TOP} functions of ${all.toFixed(2)} s`, 'ms', 'ns a record', '%', 'where'],
    times
      .slice(0, TOP)
      .map(({ name, place, seconds }) => [
        name,
        (1e3 * seconds).toFixed(0),
        ((1e9 * seconds) / records).toPrecision(3),
        ((100 * seconds) / all).toFixed(0),
        place,
      ]),
  );
}
