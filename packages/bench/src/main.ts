/** `npm run bench -- NAME [--short] [--rounds N] [RUN ...]` */
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bench-options.js';
import { bounds } from './bounds.js';
import { factorial } from './factorial.js';
import { growth } from './growth.js';
import { guide } from './guide.js';
import { overhead } from './overhead.js';
import { survival } from './survival.js';
import { wordCount } from './word-count.js';

const benches: Record<string, (options: BenchOptions) => Promise<void>> = {
  bounds,
  factorial,
  growth,
  guide,
  overhead,
  survival,
  'word-count': wordCount,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const [name, ...only] = positionals;
const bench = name === undefined ? undefined : benches[name];
if (bench === undefined) {
  console.error(
    `Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--short] [--rounds N] [run ...]`,
  );
  process.exitCode = 2;
} else {
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  await bench({ short: values.short, rounds, only });
}
