// Packs the packages as they would be published and checks the tarballs: their entries (publint) and their types (attw).
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturePnpm } from './pnpm.mjs';
import { captureCommand, root } from './run-command.mjs';

for (const name of ['core', 'spark']) {
  const packed = mkdtempSync(join(tmpdir(), 'forkfold-pack-'));
  try {
    if (!(await check(name, packed))) process.exitCode = 1;
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
}

async function check(name, packed) {
  const folder = join(root, 'packages', name);
  if (!existsSync(join(folder, 'dist', 'index.js')))
    return report(`build first: packages/${name}/dist is missing (npm run build)`);
  const stale = readdirSync(join(folder, 'dist'), { recursive: true }).filter(
    (file) => file.endsWith('.d.ts') && !existsSync(join(folder, 'src', file.replace(/\.d\.ts$/, '.ts'))),
  );
  if (stale.length > 0) return report(`dist holds what src does not (npm run clean): ${stale.join(', ')}`);

  const pack = await capturePnpm(['--dir', `packages/${name}`, 'pack', '--pack-destination', packed]);
  if (pack.code !== 0) return report(pack.output);
  const tarball = join(packed, readdirSync(packed)[0]);
  const publint = await captureCommand(process.execPath, [
    bin('publint', 'src/cli.js'),
    'run',
    tarball,
    '--strict',
  ]);
  const attw = await captureCommand(process.execPath, [
    bin('@arethetypeswrong/cli', 'dist/index.js'),
    tarball,
    '--profile',
    'esm-only',
  ]);
  for (const { code, output } of [publint, attw]) if (code !== 0) report(output);
  return publint.code === 0 && attw.code === 0;
}

function bin(name, file) {
  return join(root, 'node_modules', name, file);
}

function report(text) {
  console.error(text);
  return false;
}
