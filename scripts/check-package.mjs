// Packs the packages as they would be published and checks the tarballs: their entries (publint), their types (attw), what
// their manifests say of the project, and that their pages lead nowhere outside of them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { capturePnpm } from './pnpm.mjs';
import { manifestOf, publishedFields, publishedPackages } from './repository.mjs';
import { captureCommand, root } from './run-command.mjs';

for (const name of publishedPackages()) {
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
  const unpack = await captureCommand('tar', ['-xzf', tarball, '-C', packed]);
  if (unpack.code !== 0) return report(unpack.output);
  const faults = [...manifestFaults(name), ...pageFaults(name, join(packed, 'package'))];
  for (const fault of faults) report(`packages/${name}: ${fault}`);
  return publint.code === 0 && attw.code === 0 && faults.length === 0;
}

/** What a registry shows of a package, and where it leads from there. */
function manifestFaults(name) {
  const manifest = manifestOf(name);
  const faults = Object.entries(publishedFields(`packages/${name}`))
    .filter(([field, wanted]) => !isDeepStrictEqual(manifest[field], wanted))
    .map(([field, wanted]) => `"${field}" of package.json must be ${JSON.stringify(wanted)}`);
  if (!(manifest.keywords?.length >= 3)) faults.push('package.json has fewer than three keywords');
  if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## [${manifest.version}]`)) {
    faults.push(`CHANGELOG.md has no heading for ${manifest.version}`);
  }
  if (!manifest.description) faults.push('package.json has no description');
  return faults;
}

/** Pages that are missing from an unpacked tarball, and links of its pages that lead to nothing in it. */
function pageFaults(name, unpacked) {
  const guides =
    name === 'core' ? readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md')) : [];
  const wanted = ['README.md', 'LICENSE', ...guides.map((guide) => join('docs', guide))];
  const faults = wanted
    .filter((file) => !existsSync(join(unpacked, file)))
    .map((file) => `the tarball lacks ${file}`);
  const files = readdirSync(unpacked, { recursive: true });
  for (const page of files.filter((file) => file.endsWith('.md'))) {
    for (const [, link] of readFileSync(join(unpacked, page), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(link) || existsSync(join(unpacked, dirname(page), link))) continue;
      faults.push(
        `${page} of the tarball links to ${link}, which it lacks: write an address of the repository`,
      );
    }
  }
  return faults;
}

function bin(name, file) {
  return join(root, 'node_modules', name, file);
}

function report(text) {
  console.error(text);
  return false;
}
