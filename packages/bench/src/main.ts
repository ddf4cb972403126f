/** `npm run bench -- NAME [--short] [RUN ...]` */
import type { BenchOptions } from './bench-options.js';
import { bounds } from './bounds.js';

const benches: Record<string, (options: BenchOptions) => Promise<void>> = { bounds };

const [name, ...rest] = process.argv.slice(2);
const bench = name === undefined ? undefined : benches[name];
if (bench === undefined) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--short] [run ...]`);
  process.exitCode = 2;
} else {
  await bench({ short: rest.includes('--short'), only: rest.filter((word) => word !== '--short') });
}
