import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run-command.mjs';

/** Where the project is published: the fields of every package's manifest, and links from a tarball back to the project. */
export const repository = 'https://github.com/forkfold/forkfold';

const pages = `${repository}/blob/main/`;

/** The address of a file or folder of the checkout. */
export function addressOf(path) {
  return pages + path;
}

/** The file or folder of the checkout that an address leads to, with its anchor; undefined for any other address. */
export function pathOf(address) {
  return address.startsWith(pages) ? address.slice(pages.length) : undefined;
}

/** What the manifest of a published package must say, by its folder in the checkout. */
export function publishedFields(folder) {
  return {
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
  };
}

/** The names of the folders of `packages` that are published. */
export function publishedPackages() {
  return readdirSync(join(root, 'packages'))
    .filter(
      (name) => existsSync(join(root, 'packages', name, 'package.json')) && manifestOf(name).private !== true,
    )
    .sort();
}

/** The manifest of a folder of `packages`. */
export function manifestOf(name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

/** Lets programs below a folder import each published package, whatever the folder's own dependencies are. */
export function linkPackages(folder) {
  for (const name of publishedPackages()) {
    const link = join(folder, 'node_modules', ...manifestOf(name).name.split('/'));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'packages', name), link, 'junction');
  }
}
