/**
 * `npm run test:environments [-- --short] [words]`: runs small programs and tests in the runners, loaders, bundlers and runtimes
 * that people have, with the package as it would be published, and prints for each its version and whether it passed. Words
 * choose rows by their names, groups or commands. npm brings what is needed; what it cannot bring is skipped, unless
 * `--required`.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { groups, rows } from './environments/rows.mjs';
import { capturePnpm } from './pnpm.mjs';
import { captureCommand, root } from './run-command.mjs';
import { setup } from './setup.mjs';

const fixtures = join(root, 'scripts', 'environments', 'fixtures');
// Not below node_modules, where runners look for no tests and compile nothing.
const cache = join(root, '.environments');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isShort = process.argv.includes('--short');
const isRequired = process.argv.includes('--required');
const TIMEOUT = 120_000;

await setup();
const chosen = rows().filter(
  ({ name, group, node = '', command, short }) =>
    (!isShort || short) && words.every((word) => `${name} ${group} ${node} ${command}`.includes(word)),
);
const tarball = await pack();
const brought = new Map();
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const row of chosen) {
  const started = performance.now();
  const { verdict, version, output } = await attempt(row);
  counts[verdict] += 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${verdict.padEnd(7)} ${`${row.name} (${row.command})`.padEnd(90)} ${version} ${seconds} s`);
  if (verdict !== 'passed') console.log(output.trim().replace(/^/gm, '        '));
}
const { passed, failed, skipped } = counts;
console.log(`environments: ${passed} passed, ${failed} failed, ${skipped} skipped`);
if (chosen.length === 0)
  console.error(`no environment has ${words.join(' and ')} in its name, group or command`);
process.exitCode = failed > 0 || chosen.length === 0 || (isRequired && skipped > 0) ? 1 : 0;

/** The package as it is published. */
async function pack() {
  rmSync(join(cache, 'packed'), { recursive: true, force: true });
  mkdirSync(join(cache, 'packed'), { recursive: true });
  const packed = await capturePnpm([
    '--dir',
    'packages/core',
    'pack',
    '--pack-destination',
    join(cache, 'packed'),
  ]);
  if (packed.code !== 0) throw new Error(packed.output);
  return join(cache, 'packed', readdirSync(join(cache, 'packed'))[0]);
}

async function attempt(row) {
  const group = await bring(row.group, true);
  const node = row.node && (await bring(row.node, false));
  const missing = [group, node].find((it) => it?.problem !== undefined);
  if (missing) return { verdict: 'skipped', version: '', output: missing.problem };
  const folder = layOut(row, group.folder);
  const bins = [node?.folder, group.folder].filter(Boolean).map((at) => join(at, 'node_modules', '.bin'));
  const PATH = [...bins, dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH, NO_COLOR: '1', npm_config_update_notifier: 'false' };
  const options = { cwd: folder, env, timeout: TIMEOUT };
  const { code, output } = await captureCommand('sh', ['-c', row.command], options);
  const { stdout: nodes } = await captureCommand('sh', ['-c', 'node --version'], options);
  const version = [row.of && `${row.of} ${versionOf(row.of, group.folder)}`, `node ${nodes.trim()}`]
    .filter(Boolean)
    .join(', ');
  return {
    verdict: verdictOf(row, code, output),
    version,
    output: `exit code ${code}\n${output.slice(-4000)}`,
  };
}

function verdictOf({ refusal, says = '' }, code, output) {
  const isGood = refusal ? code !== 0 && refusal.test(output) : code === 0 && output.includes(says);
  return isGood ? 'passed' : 'failed';
}

/** Installs the packages of a group once, and the packed one beside them. */
function bring(name, withPackage) {
  const key = `${name} ${withPackage}`;
  if (!brought.has(key)) brought.set(key, install(name, withPackage));
  return brought.get(key);
}

async function install(name, withPackage) {
  const folder = join(cache, name.replaceAll(' ', '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  // npm would take what has the same version for the same package.
  rmSync(join(folder, 'node_modules', '@forkfold'), { recursive: true, force: true });
  rmSync(join(folder, 'package-lock.json'), { force: true });
  const wanted = [...groups[name], ...(withPackage ? [tarball] : [])];
  const together = await npmInstall(wanted, folder);
  if (together === undefined) return { folder };
  // Some versions of npm fail at peers of peers, and get there in steps.
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  for (const one of wanted.reverse()) {
    const problem = await npmInstall([one], folder);
    if (problem !== undefined) return { folder, problem };
  }
  return { folder };
}

/** What npm says where it fails. */
async function npmInstall(wanted, folder) {
  if (wanted.length === 0) return undefined;
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', ...wanted];
  const { code, output } = await captureCommand('npm', args, { cwd: folder, timeout: 300_000 });
  return code === 0 ? undefined : `npm cannot bring ${wanted.join(' ')}\n${output}`;
}

/** A folder of its own for each row, below the packages of its group. */
function layOut({ name, command, files = [], contents = {}, type = 'module' }, base) {
  const folder = join(base, 'rows', `${name} ${command}`.replace(/[^\w.]+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }));
  symlinkSync(join(base, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const file of files) copyFileSync(join(fixtures, file), join(folder, file));
  for (const [file, text] of Object.entries(contents)) writeFileSync(join(folder, file), text);
  return folder;
}

function versionOf(name, folder) {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : '?';
}
