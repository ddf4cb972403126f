/** The files that keep the command line of Spark open for one step after another, by their names in a directory. */
export const SCRIPTS = {
  /** What spark-sql is started with. */
  main: 'main.sql',
  /** Waits for the next step. */
  wait: 'wait.sh',
  /** The step, which is there from when it may begin until it has begun. */
  step: 'step.sql',
} as const;

/** So many steps are written out before the script reads itself again, which costs a little of the stack. */
const STEPS = 20;

/** The marks of a process's output, none of which the user's data can be. */
export interface Marks {
  /** Begins the line of a row. */
  readonly row: string;
  /** The step before is over, and another one is waited for; on stdout and on stderr. */
  readonly waits: string;
  /** All of the step's statements have succeeded. */
  readonly done: string;
}

export function marksOf(word: string): Marks {
  return { row: `${word}-row`, waits: `${word}-waits`, done: `${word}-done` };
}

/** The command line ends a file at the first statement that fails, but goes on with what has read it in. */
export function mainScript(directory: string): string {
  const step = `!sh ${directory}/${SCRIPTS.wait};\nsource ${directory}/${SCRIPTS.step};\n`;
  return `${step.repeat(STEPS)}source ${directory}/${SCRIPTS.main};\n`;
}

/** It ends with the command line, too, which is its parent. */
export function waitScript(directory: string, { waits }: Marks): string {
  return [
    `echo ${waits}`,
    `echo ${waits} >&2`,
    `while kill -0 "$PPID" 2> /dev/null && [ ! -e ${directory}/${SCRIPTS.step} ]; do sleep 0.1; done`,
    '',
  ].join('\n');
}

/** A file is read to its end before any of it runs, so it goes first. */
export function stepScript(directory: string, statements: readonly string[], { done }: Marks): string {
  const all = [`!rm -f ${directory}/${SCRIPTS.step}`, ...statements, `SELECT '${done}'`];
  return all.map((statement) => `${statement};\n`).join('');
}
