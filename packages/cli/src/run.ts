import type { CommandLine } from './command-line.js';
import { valueOfExpression } from './expression.js';
import { valueOfJob } from './job.js';
import { formatOf } from './output.js';
import { recordsOf, resultOf, type Result } from './result.js';
import { sourcesOf } from './sources.js';
import { CLOSED, Stdout } from './stdout.js';
import { UsageError } from './usage-error.js';

/** `forkfold run`: runs what is asked for, and writes its records as they come. */
export async function run(line: CommandLine): Promise<void> {
  const result = await resultFor(line);
  const stdout = new Stdout();
  const format = formatOf(line.output);
  try {
    for await (const record of recordsOf(result, { ...line.options, signal: stdout.closed })) {
      await stdout.write(format.text(record));
    }
    await stdout.write(format.end());
    await stdout.end();
  } catch (error) {
    if (error !== CLOSED) throw error;
  }
}

/** `forkfold explain`: writes what such a run would do. */
export async function explain(line: CommandLine): Promise<void> {
  const result = await resultFor(line);
  const plan = 'plan' in result ? result.plan : result.dataset.toArray();
  process.stdout.write(`${String(await plan.explain(line.options))}\n`);
}

async function resultFor({ words, expression, params, format, top }: CommandLine): Promise<Result> {
  if (expression !== undefined) {
    return resultOf(await valueOfExpression(expression, await sourcesOf(words, format), params), top);
  }
  const [job, ...files] = words;
  if (job === undefined) {
    throw new UsageError(
      'Nothing to run: name a module and its job, as in job.js#wordCount, or give -e EXPRESSION',
    );
  }
  return resultOf(await valueOfJob(job, () => sourcesOf(files, format), { files, params }), top);
}
