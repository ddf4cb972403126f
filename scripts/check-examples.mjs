// Runs every example that has an expected.txt and compares what it prints on stdout, with measured times masked.
// `npm run check:examples -- --update` writes the files instead, for a person to read before committing them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureCommand, root } from './run-command.mjs';

const examples = join(root, 'examples');
const update = process.argv.includes('--update');

const names = readdirSync(examples, { withFileTypes: true })
  .filter(
    (entry) =>
      entry.isDirectory() && existsSync(join(examples, entry.name, update ? 'main.ts' : 'expected.txt')),
  )
  .map((entry) => entry.name)
  .sort();

let failed = 0;
for (const name of names) {
  const problem = await check(name);
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${name}`);
  if (problem === undefined) continue;
  failed += 1;
  console.error(problem);
}
if (names.length === 0) console.error('no example has an expected.txt');
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1;

/** Returns what is wrong with an example, or undefined. */
async function check(name) {
  const main = join(examples, 'dist', name, 'main.js');
  if (!existsSync(main)) return `build first: examples/dist/${name}/main.js is missing (npm run build)`;
  const { code, stdout, output } = await captureCommand(process.execPath, [main]);
  if (code !== 0) return `exit code ${code}\n${output}`;

  const file = join(examples, name, 'expected.txt');
  const actual = maskTimes(stdout);
  if (update) writeFileSync(file, actual);
  const expected = maskTimes(readFileSync(file, 'utf8'));
  return actual === expected ? undefined : firstDifference(expected, actual);
}

/**
 * `Seconds: 1.25`, `1.25 s`, ` 80ms` and a speed-up such as `1.9x` become `#`, whatever their width was. Of a run of lines
 * `Processes: 2, Seconds: #` one is left: how many there are depends on the machine's cores.
 */
function maskTimes(text) {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/(seconds:)[ \t]*\d+(?:\.\d+)?/gi, '$1 #')
    .replace(/[ \t]*\b\d+(?:\.\d+)?[ \t]?(ms|s|x|×)(?![\p{L}\p{N}])/gu, ' # $1')
    .replace(/(?:^Processes: \d+, Seconds: #.*\n)+/gm, 'Processes: #, Seconds: #\n');
}

function firstDifference(expected, actual) {
  const wanted = expected.split('\n');
  const got = actual.split('\n');
  const index = wanted.findIndex((line, at) => line !== got[at]);
  const at = index === -1 ? wanted.length : index;
  const show = (line) => (line === undefined ? 'the end' : JSON.stringify(line));
  return `line ${at + 1}\n  expected ${show(wanted[at])}\n  got      ${show(got[at])}`;
}
