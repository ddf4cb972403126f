/** Finds the ts and js blocks of a Markdown page: their flags, their lines and the hidden lines given above them. */
export function findBlocks(markdown) {
  const blocks = [];
  let given = [];
  let block; // the block that is open
  let comment; // the hidden comment that is open
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const line = { text, number: index + 1 };
    if (block !== undefined) {
      if (text.trimStart().startsWith(block.fence) && text.trim() === block.fence) {
        // What other tools run is checked where they are: by `npm run test:environments`.
        const isOurs = !block.flags.has('wrong') && !block.flags.has('environment');
        if (block.language !== undefined && isOurs) blocks.push(block);
        block = undefined;
      } else {
        block.lines.push({
          ...line,
          text: text.startsWith(block.indent) ? text.slice(block.indent.length) : text,
        });
      }
    } else if (comment !== undefined) {
      if (text.includes('-->')) [given, comment] = [comment, undefined];
      else comment.push(line);
    } else if (/^\s*<!-- given\s*$/.test(text)) {
      comment = [];
    } else {
      block = openBlock(line, given);
      if (text.trim() !== '') given = [];
    }
  }
  if (block !== undefined) throw new Error(`the block that starts at line ${block.number} is never closed`);
  return blocks;
}

function openBlock({ text, number }, given) {
  const fence = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)([^`]*)$/.exec(text);
  if (fence === null) return undefined;
  const [, indent, marks, name, info] = fence;
  const flags = new Set(info.split(/\s+/).filter((flag) => flag !== ''));
  // Python is looked at only where it stands beside a block of ours.
  const python = flags.has('pair') ? 'py' : undefined;
  const language = {
    ...{ ts: 'ts', typescript: 'ts', mts: 'ts', js: 'js', javascript: 'js', mjs: 'js' },
    python,
  }[name];
  return { fence: marks, indent, language, flags, number, lines: [...given] };
}

/**
 * Gives every block of a page its files: `{ page, path, lines, run, pair, modules }`, where the last file of a block is its
 * program. Blocks marked `pair` come in twos, which have the same `pair` and print the same; `modules` are what Python needs.
 */
export function layOut(page, blocks) {
  const files = [];
  const taken = new Set();
  let scene = 1;
  let pairs = 0;
  for (const block of blocks) {
    const isPair = block.flags.has('pair');
    const pair = isPair ? `${page}-${Math.floor(pairs / 2)}` : undefined;
    if (isPair) pairs += 1;
    const modules = [...block.flags].filter((flag) => flag !== 'pair' && flag !== 'run');
    const parts = splitFiles(block);
    if (parts.some(({ name }) => taken.has(name))) {
      scene += 1;
      taken.clear();
    }
    for (const { name } of parts) taken.add(name);
    const folder = `${page.replace(/\.md$/, '').replaceAll('/', '-')}-${scene}`;
    files.push(
      ...parts.map(({ name, lines }, index) => ({
        page,
        path: `${folder}/${name}`,
        lines,
        run: (isPair || block.flags.has('run')) && index === parts.length - 1,
        pair: index === parts.length - 1 ? pair : undefined,
        modules,
      })),
    );
  }
  if (pairs % 2 === 1) throw new Error(`${page} has a block marked "pair" without another one`);
  return files;
}

function splitFiles({ language, lines, number }) {
  const parts = [{ name: `block-${number}.${language}`, lines: [] }];
  for (const line of lines) {
    const name = /^\/\/ ([\w.-]+\.(?:ts|js))$/.exec(line.text)?.[1];
    if (name === undefined) parts.at(-1).lines.push(line);
    else if (parts.at(-1).lines.every(({ text }) => text.trim() === ''))
      parts.splice(-1, 1, { name, lines: [line] });
    else parts.push({ name, lines: [line] });
  }
  return parts;
}
