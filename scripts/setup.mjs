import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './pnpm.mjs';
import { root, runOrExit } from './run-command.mjs';

/** Installs and builds what is not yet installed and built: the second call takes about as long as `tsc -b` and esbuild need to look. */
export async function setup() {
  await install();
  await build();
}

async function install() {
  const stamp = join(root, 'node_modules', '.forkfold-setup');
  const wanted = manifestHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies ...'); // npx hands its log level on, so pnpm speaks of errors only
  await pnpm(['install', '--frozen-lockfile']);
  writeFileSync(stamp, wanted);
}

async function build() {
  await runOrExit(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
  // The installation brings what these modules import.
  const { bundleCore } = await import('./bundle-core.mjs');
  const { bundleReport } = await import('./bundle-report.mjs');
  await Promise.all([bundleCore(), bundleReport()]);
}

/** Changes with everything that an installation depends on. */
function manifestHash() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  const manifests = ['.', 'examples', ...packages].map((folder) => join(folder, 'package.json'));
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests].sort()) {
    const path = join(root, file);
    hash.update(file).update('\0');
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
