import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';
import { root } from './run-command.mjs';

/** The groups of pages, by where they lie. */
const sections = { Guides: 'docs/', Examples: 'examples/', Packages: 'packages/', Project: '' };

/**
 * A plugin of TypeDoc: modules have the names of their packages, pages those of their first headings, and what an
 * `index.ts` exports below a comment line, such as `// Sources`, is a group of that name, in the order of the file.
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const { project } = context;
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      const index = context.getSymbolFromReflection(module).declarations[0].getSourceFile().fileName;
      module.name = JSON.parse(readFileSync(join(dirname(index), '..', 'package.json'), 'utf8')).name;
      const groups = groupsOf(readFileSync(index, 'utf8'));
      for (const child of module.children ?? []) addGroup(child, groups.get(child.name));
    }
    // The page has the project's name already.
    const [begin] = project.readme ?? [];
    if (begin) begin.text = begin.text.replace(/^# .+\n/, '');
    const guides = readFileSync(join(root, 'docs', 'README.md'), 'utf8');
    const pages = (project.documents ?? []).map((page) => {
      const path = relative(root, project.files.getReflectionPath(page)).replaceAll(sep, '/');
      page.name = titleOf(path, page, guides);
      [page.frontmatter.group] = Object.entries(sections).find(([, start]) => path.startsWith(start));
      // In the order in which the page of the guides names them.
      const place = guides.indexOf(`](${path.slice('docs/'.length)})`);
      return { page, rank: path === 'docs/README.md' ? -1 : place === -1 ? Infinity : place };
    });
    project.documents = pages.sort((a, b) => a.rank - b.rank || 0).map(({ page }) => page);
    project.childrenIncludingDocuments = [...project.documents, ...(project.children ?? [])];
  });
}

/** A guide is named as their index names it, a README by its heading, another page by its file. */
function titleOf(path, page, guides) {
  const name = path.replace(/^.*\/|\.md$/g, '');
  if (name === 'README') return /^# (.+)$/m.exec(page.content.map(({ text }) => text).join(''))?.[1] ?? path;
  const listed = guides.split('\n').find((line) => line.includes(`](${name}.md)`));
  return /\[([^\]]+)\]/.exec(listed)?.[1] ?? name[0].toUpperCase() + name.slice(1).toLowerCase();
}

/** The comment line above each exported name. */
function groupsOf(text) {
  const groups = new Map();
  let group;
  for (const statement of text.split(/\n(?=\/\/ |export )/)) {
    if (statement.startsWith('// ')) group = statement.slice(3).trim();
    const names = /\{([^}]*)\}/.exec(statement)?.[1] ?? '';
    for (const name of names.split(',')) groups.set(name.replace(/^\s*type /, '').trim(), group);
  }
  return groups;
}

function addGroup(reflection, group) {
  if (group === undefined) return;
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: group }]));
}
