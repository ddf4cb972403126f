import { optionRows, suggestName } from '@forkfold/core/engine';
import { ownFlags, runFlags, type Flag } from './flags.js';
import { UsageError } from './usage-error.js';

const topics = ['options'];

/** The help of the command, or of a topic. Both fit a terminal of 80 columns. @throws UsageError for another topic. */
export function helpText(topic: string | undefined): string {
  if (topic === undefined || topic === 'run' || topic === 'explain' || topic === 'doctor') return usage();
  if (topic === 'options') return runOptions();
  throw new UsageError(`There is no help on "${topic}": ${suggestName(topic, topics)}`);
}

function usage(): string {
  return `Maps files across child processes and folds the results.

  forkfold run JOB[#NAME] [FILE...]   runs what a module exports
  forkfold -e EXPRESSION [FILE...]    runs an expression
  forkfold explain ...                says what such a run would do
  forkfold doctor                     looks at this machine, and tries a run
  forkfold help options               shows the options of a run

FILE is a path or a quoted glob; "-", or none without a terminal, is stdin.
EXPRESSION has lines, rows (.csv .tsv .jsonl .ndjson .parquet, also .gz),
each --param, and all that @forkfold/core exports:
  forkfold -e "lines.flatMap(l => l.split(' ')).countByValue()" 'logs/*.gz'

${table(ownFlags.map((flag) => [written(flag), flag.doc]))}

Exit codes: 0 done, 1 the run failed, 2 wrong usage, 130 Ctrl-C.
`;
}

function runOptions(): string {
  const rows = runFlags.map((flag): [string, string] => {
    const { otherwise } = optionRows[flag.option!.name as keyof typeof optionRows];
    return [written(flag), `${flag.doc} (${otherwise})`];
  });
  return `Options of a run (what holds without them); "--no-NAME" for a switch.

${table(rows)}
`;
}

function written({ name, short, value }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** Two columns in 80: what is too long goes on below. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .map(
      ([left, right]) =>
        `  ${left.padEnd(width)}${wrapped(right, 78 - width).join(`\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
