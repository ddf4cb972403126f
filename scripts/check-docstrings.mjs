/*
 * Checks the examples of the docstrings that users see: every exported function, verb, action, source and aggregator has
 * one, all of them compile, and they run, in a folder with a few files to read (`fixtures`).
 * - what an example uses of the packages need not be imported
 * - a statement `expression; // -> value` is compared with its value as Node shows it, entries of Maps sorted
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleOf, readExports } from './docstring-examples.mjs';
import { linkPackages, manifestOf, publishedPackages } from './repository.mjs';
import { captureCommand, root } from './run-command.mjs';

/** Their examples need a server, or write to stdout, and are compiled only. */
const compiledOnly = ['spark', 'cli'];

/** What examples read. */
const fixtures = {
  'books/alice.txt': 'Down the Rabbit-Hole\nOh dear! Oh dear!\n',
  'books/moby-dick.txt': 'Call me Ishmael.\nThe whale! The whale!\n',
  'measurements/2024.csv': 'station;temperature\nBonn;12.5\nHull;13\nBonn;14.5\n',
  'orders.jsonl':
    '{"id":1,"customer":"Ada","price":5}\n{"id":2,"customer":"Bob","price":7}\n{"id":3,"customer":"Ada","price":1}\n',
};

/** What `show` is: its module also keeps what went wrong. */
const program = `import { inspect } from 'node:util';
export const faults = [];
export function show(promised, value) {
  const shown = inspect(value, { depth: 9, breakLength: Infinity, compact: 9, sorted: true });
  if (shown !== promised) faults.push(\`says \${promised}\\n   but gives \${shown}\`);
}
`;

// Inside the examples, where zod resolves.
const folder = join(root, 'examples', '.docstring-check');
rmSync(folder, { recursive: true, force: true });
try {
  process.exitCode = (await check()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check() {
  const packages = publishedPackages().filter((name) => manifestOf(name).exports !== undefined);
  const exports = readExports(packages);
  const lacking = exports.filter(({ isWanted, examples }) => isWanted && examples.length === 0);
  for (const { name, place } of lacking) console.error(`${place} ${name} has no @example in its docstring`);
  const alone = exports.filter(({ lacksGroup }) => lacksGroup);
  for (const { name, place } of alone)
    console.error(`${place} ${name} has no @group in its docstring, as its neighbours have`);

  const modules = exports.flatMap((exported) =>
    exported.examples.map((example, index) => {
      const path = `${exported.package}/${exported.name}${index === 0 ? '' : `-${index + 1}`}.ts`;
      const packageOf = (name) => packageNamed(name, exported, exports);
      return { ...exported, path, ...moduleOf(example, packageOf) };
    }),
  );
  for (const { path, code } of modules) write(path, code);
  linkPackages(folder);
  write('show.ts', "export { show } from './show.mjs';\n");
  write('show.d.mts', 'export function show(promised: string, value: unknown): void;\n');
  write('show.mjs', program);
  if (!(await typeCheck(modules))) return false;

  write('out/show.mjs', program);
  for (const [file, text] of Object.entries(fixtures)) write(`files/${file}`, text);
  const run = modules.filter((module) => !compiledOnly.includes(module.package));
  write('out/run.mjs', runner(run));
  const { code, output } = await captureCommand(process.execPath, [join(folder, 'out', 'run.mjs')], {
    cwd: join(folder, 'files'),
  });
  if (code !== 0) console.error(output);
  const shown = run.reduce((sum, module) => sum + module.shown, 0);
  console.log(`${modules.length} examples type-checked, ${run.length} run, ${shown} values compared`);
  return code === 0 && lacking.length === 0 && alone.length === 0;
}

function packageNamed(name, { package: own }, exports) {
  const found = exports.filter((exported) => exported.name === name).map((exported) => exported.package);
  const from = found.includes(own) ? own : found[0];
  return from && manifestOf(from).name;
}

async function typeCheck(modules) {
  const compilerOptions = {
    rootDir: '.',
    outDir: 'out',
    composite: false,
    declaration: false,
    declarationMap: false,
    moduleDetection: 'force',
    noEmitOnError: true,
    // Imports are made for all names alike, types too.
    verbatimModuleSyntax: false,
    isolatedModules: false,
  };
  const files = [...modules.map(({ path }) => path), 'show.ts'];
  write('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await captureCommand(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  if (code === 0) return true;
  const placeOf = new Map(modules.map(({ path, place }) => [path, place]));
  console.error(
    output.replace(/^\S*?\.docstring-check\/(\S+?)\((\d+),\d+\)/gm, (_, path, line) => {
      return `${placeOf.get(path) ?? ''} ${path}, line ${line} of the example`;
    }),
  );
  return false;
}

function write(path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** One program for all of them: to start is what costs most. */
function runner(modules) {
  const list = modules.map(({ name, place, path }) => ({
    name,
    place,
    path: `./${path.replace(/\.ts$/, '.js')}`,
  }));
  return `import { faults } from './show.mjs';
console.log = () => undefined;
let failed = false;
for (const { name, place, path } of ${JSON.stringify(list)}) {
  try {
    await import(path);
  } catch (error) {
    faults.push(error.stack);
  }
  for (const fault of faults.splice(0)) {
    console.error(place + ' the example of ' + name + ' ' + fault);
    failed = true;
  }
}
// An example of a program's main sets the exit code, too.
process.exitCode = failed ? 1 : 0;
`;
}
