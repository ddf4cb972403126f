import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run-command.mjs';

/**
 * What a page of docs/ shows that needs packages of its own: for each heading the files of its blocks, and the commands. The files of a
 * heading without commands, which are the job's, belong to all that follow.
 */
export function sections(page) {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const found = [];
  let shared = {};
  for (const [part] of text.matchAll(/^##+ .*\n[^]*?(?=^##+ |$(?![^]))/gm)) {
    const files = {};
    const commands = [];
    for (const [, info, block] of part.matchAll(/^```(.*)\n([^]*?)^```$/gm)) {
      if (info === 'sh') commands.push(...block.trim().split('\n'));
      else Object.assign(files, filesOf(block));
    }
    if (commands.length > 0)
      found.push({ name: /^##+ (.*)/.exec(part)[1], files: { ...shared, ...files }, commands });
    else if (Object.keys(files).length > 0) shared = files;
  }
  return found;
}

/** Parts a block at the lines that name files. */
function filesOf(block) {
  const parts = block.split(/^\/\/ ([\w.-]+\.[cm]?[jt]s)$/m).slice(1);
  return Object.fromEntries(parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1]]] : [])));
}
