/*
 * Checks the pages of the root, the packages and docs/: links lead somewhere, every ```ts and ```js block compiles, and
 * those marked `run` in their fence (```ts run) also run. Every option, verb and error is in the page for it.
 * - a run block's lines `console.log(...); // text` and `// prints text` say what it prints, and are compared with that
 * - two blocks marked `pair`, such as ```python pair joblib and ```ts pair, run and print the same, but for white space; where
 *   there is no Python, or a module that its fence names cannot be brought, the pair is skipped, which is said
 * - a block marked `wrong` shows a mistake and is skipped
 * - a line `// name.ts` starts a file of that name; blocks of a page can import each other's files, and a name that comes
 *   again starts afresh
 * - an HTML comment `<!-- given` ... `-->` right above a fence holds declarations that the reader need not see
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { findBlocks, layOut } from './readme-blocks.mjs';
import { missingFromPages } from './readme-coverage.mjs';
import { findPython } from './python.mjs';
import { linkPackages, pathOf } from './repository.mjs';
import { captureCommand, root } from './run-command.mjs';

// Inside the examples, where the data sets and rivals resolve.
const folder = join(root, 'examples', '.readme-check');
const compiled = join(folder, 'out');

const allPages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...packagePages(),
  ...docPages(),
];
// `npm run check:readme -- docs/pools.md` checks one page.
const pages = process.argv.length > 2 ? process.argv.slice(2) : allPages;
rmSync(folder, { recursive: true, force: true });
try {
  process.exitCode = (await check()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check() {
  const missing = pages.filter((page) => !existsSync(join(root, page)));
  if (missing.length > 0) {
    console.error(`missing: ${missing.join(', ')}`);
    return false;
  }
  const broken = [...pages.flatMap(brokenLinks), ...(await missingFromPages())];
  if (broken.length > 0) {
    console.error(broken.join('\n'));
    return false;
  }
  linkPackages(folder);
  const files = pages.flatMap((page) => layOut(page, findBlocks(readFileSync(join(root, page), 'utf8'))));
  for (const file of files) {
    const path = join(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.lines.map(({ text }) => text).join('\n') + '\n');
  }
  if (files.length > 0 && !(await typeCheck(files))) return false;

  let good = true;
  const programs = files.filter((file) => file.run);
  const printed = new Map();
  // A few at a time: a program waits for the start of its children as long as it computes.
  for (let first = 0; first < programs.length; first += 3) {
    const results = await Promise.all(
      programs.slice(first, first + 3).map((program) => runProgram(program, printed)),
    );
    good &&= results.every(Boolean);
  }
  good &&= comparePairs(programs, printed);
  console.log(`${files.length} files from ${pages.length} pages type-checked, ${programs.length} run`);
  return good;
}

async function typeCheck(files) {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        rootDir: '.',
        outDir: 'out',
        allowJs: true,
        checkJs: false,
        composite: false,
        declaration: false,
        declarationMap: false,
        moduleDetection: 'force',
        noEmitOnError: true,
      },
      files: files.map((file) => file.path).filter((path) => !path.endsWith('.py')),
    }),
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await captureCommand(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  if (code !== 0) console.error(inPages(output, files));
  return code === 0;
}

/** Rewrites `examples/.readme-check/README/block-12.ts(3,5)` to `README.md:14:5`. */
function inPages(output, files) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return output.replace(/^(\S+?)\((\d+),(\d+)\)/gm, (whole, path, line, column) => {
    const file = byPath.get(relative(folder, join(root, path)).split(sep).join('/'));
    return file === undefined ? whole : `${file.page}:${file.lines[line - 1]?.number ?? '?'}:${column}`;
  });
}

/** Runs a program, and keeps what it prints by its place. */
async function runProgram(file, printedBy) {
  const { page, lines } = file;
  const place = `${page}:${lines[0].number}`;
  const { command, main, lacking } = await commandOf(file);
  if (lacking !== undefined) {
    console.log(`SKIPPED ${place}, beside Python: ${lacking} is not here and cannot be brought`);
    return true;
  }
  // What a page writes and leaves for its reader to look at is nobody's here.
  const temporary = mkdtempSync(join(tmpdir(), 'forkfold-readme-'));
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary };
  const { code, stdout, output } = await captureCommand(command, [main], { timeout: 120_000, env });
  rmSync(temporary, { recursive: true, force: true });
  printedBy.set(place, stdout);
  if (code !== 0) {
    console.error(`${place} exits with ${code}\n${output}`);
    return false;
  }
  const promise = /^\s*(?:console\.log\(.*\); \/\/|\/\/ prints) (.+)$/;
  const promised = lines.flatMap(({ text }) => promise.exec(text)?.[1] ?? []);
  const printed = stdout.trimEnd();
  if (promised.length === 0 || promised.join('\n') === printed) return true;
  console.error(`${place} says that it prints\n${promised.join('\n')}\nbut it prints\n${printed}`);
  return false;
}

async function commandOf({ path, modules }) {
  if (path.endsWith('.py')) return { ...(await findPython(modules)), main: join(folder, path) };
  return { command: process.execPath, main: join(compiled, path.replace(/\.ts$/, '.js')) };
}

/** Whether the two programs of each pair have printed the same, brackets and quotes as each language writes them. */
function comparePairs(programs, printed) {
  const bare = (text) => text.replace(/[ \t]/g, '').trimEnd();
  const pairs = new Set(programs.flatMap(({ pair }) => pair ?? []));
  let good = true;
  for (const pair of pairs) {
    const members = programs.filter((program) => program.pair === pair);
    const [one, other] = members.map(({ page, lines }) => `${page}:${lines[0].number}`);
    if (!printed.has(one) || !printed.has(other)) continue;
    if (bare(printed.get(one)) === bare(printed.get(other))) continue;
    console.error(`${one} prints\n${printed.get(one)}\nbut ${other} prints\n${printed.get(other)}`);
    good = false;
  }
  return good;
}

/** Links to files of the repository, by path or by address, that are not there, and to headings that a page does not have. */
function brokenLinks(page) {
  const broken = [];
  for (const [index, line] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
      const own = pathOf(target);
      if (own === undefined && /^[a-z]+:/.test(target)) continue;
      const [path, anchor] = (own ?? target).split('#');
      const file = path === '' ? page : own === undefined ? join(dirname(page), path) : path;
      const isThere =
        existsSync(join(root, file)) && (anchor === undefined || headings(file).includes(anchor));
      if (!isThere) broken.push(`${page}:${index + 1} links to ${target}, which is not there`);
    }
  }
  return broken;
}

/** The anchors of a page's headings, as they are made where Markdown is shown. */
function headings(page) {
  return [...readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function packagePages() {
  const names = readdirSync(join(root, 'packages')).sort();
  return names.map((name) => `packages/${name}/README.md`).filter((page) => existsSync(join(root, page)));
}

function docPages() {
  const docs = join(root, 'docs');
  if (!existsSync(docs)) return [];
  return readdirSync(docs, { recursive: true })
    .map((file) => `docs/${file.split(sep).join('/')}`)
    .filter((file) => file.endsWith('.md') && !file.startsWith('docs/api/'))
    .sort();
}
