/*
 * Run by `pack` and `publish` in packages/core: puts the guides and their pictures into the tarball, so that they are read where the package is
 * installed, and in its version. `--remove` takes them away again. Links that lead out of docs/ become addresses.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { addressOf } from './repository.mjs';
import { root } from './run-command.mjs';

const target = join(root, 'packages', 'core', 'docs');

rmSync(target, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  mkdirSync(target);
  cpSync(join(root, 'docs', 'images'), join(target, 'images'), { recursive: true });
  for (const name of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
    writeFileSync(join(target, name), withAddresses(readFileSync(join(root, 'docs', name), 'utf8')));
  }
}

function withAddresses(markdown) {
  return markdown.replace(/\]\((\.\.\/[^)\s]+)\)/g, (_, link) => `](${addressOf(posix.join('docs', link))})`);
}
