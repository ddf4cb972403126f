/** `npm run bench -- [NAME] [--short] [--rounds N] [--scale X] [--cache DIRECTORY] [--write-docs] [RUN ...]` */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask } from './ask.js';
import type { BenchOptions } from './bench-options.js';
import { bounds } from './bounds.js';
import { printGoals } from './print-goals.js';
import { printSummary } from './print-summary.js';
import { growth } from './growth.js';
import { guide } from './guide.js';
import { openCache } from './measure/cache.js';
import { openPython } from './measure/python.js';
import { overhead } from './overhead.js';
import { profile } from './profile.js';
import { questions } from './questions/index.js';
import { scaling } from './scaling/scaling.js';
import { onSpark } from './spark.js';
import { survival } from './survival.js';

/** What a size is multiplied by in a short bench. */
const SHORT = 1 / 20;

const benches: Record<string, (options: BenchOptions) => Promise<void> | void> = {
  bounds,
  growth,
  guide,
  overhead,
  profile,
  scaling,
  survival,
  spark: onSpark,
  goals: printGoals,
  summary: printSummary,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    scale: { type: 'string', default: '1' },
    cache: { type: 'string', default: join(tmpdir(), 'forkfold-bench-cache') },
    'write-docs': { type: 'boolean', default: false },
  },
});
const [name, ...only] = positionals;
const scale = Number(values.scale);
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);

if (!(scale > 0) || (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))) {
  usage();
} else {
  const cache = openCache(values.cache);
  const options: BenchOptions = {
    short: values.short,
    rounds,
    only,
    scale: values.short ? scale * SHORT : scale,
    cache,
    python: openPython(cache.directory),
    writeDocs: values['write-docs'],
  };
  if (name === undefined) {
    for (const [each, question] of Object.entries(questions)) {
      try {
        await ask(each, question, options);
      } catch (error) {
        console.error(`${each}: ${String(error)}`);
        process.exitCode = 1;
      }
    }
    printSummary(options);
    printGoals(options);
  } else if (name in questions) await ask(name, questions[name]!, options);
  else if (name in benches) await benches[name]!(options);
  else usage();
}

function usage(): void {
  const names = [...Object.keys(questions), ...Object.keys(benches)].join(' | ');
  console.error(
    `Usage: npm run bench -- [${names}] [--short] [--rounds N] [--scale X] [--cache DIRECTORY] [--write-docs] [run ...]`,
  );
  process.exitCode = 2;
}
