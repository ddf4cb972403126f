import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { manifestOf, publishedPackages } from './repository.mjs';
import { root } from './run-command.mjs';

/** What a user can call, give, catch or read, and the pages that must name it: a line for each that one does not. */
export async function missingFromPages() {
  const core = await import(pathToFileURL(join(root, 'packages', 'core', 'dist', 'index.js')).href);
  const { Dataset, ...exported } = core;
  const verbs = Object.getOwnPropertyNames(Dataset.prototype).filter((name) => name !== 'constructor');
  const errors = Object.keys(exported).filter((name) => name.endsWith('Error'));
  const guides = readdirSync(join(root, 'docs')).filter((file) => /^[a-z].*\.md$/.test(file));
  return [
    ...missing(
      publishedPackages().map((name) => manifestOf(name).name),
      ['README.md'],
      (name) => `\`${name}\``,
    ),
    ...missing(guides, ['docs/README.md'], (name) => `](${name})`),
    ...missing(guides, ['README.md'], (name) => `](docs/${name})`),
    ...missing(optionNames(), ['README.md', 'docs/options.md'], (name) => `\`${name}\``),
    ...missing(verbs, ['docs/datasets.md'], (name) => `\`${name}(`),
    ...missing(errors, ['docs/errors.md'], (name) => `\`${name}\``),
  ];
}

function missing(names, pages, mention) {
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return names
      .filter((name) => !text.includes(mention(name)))
      .map((name) => `${page} does not say ${name}`);
  });
}

/** The properties of RunOptions, as its source declares them: an interface has no names at run time. */
function optionNames() {
  const source = readFileSync(join(root, 'packages', 'core', 'src', 'options', 'run-options.ts'), 'utf8');
  const body = /^export interface RunOptions \{\n(.*?)^\}/ms.exec(source)[1];
  return [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
}
