import { join } from 'node:path';
import ts from 'typescript';
import { root } from './run-command.mjs';

/**
 * What the packages export, with the examples of their docstrings: `{ package, name, place, examples, isWanted, lacksGroup }`,
 * a method's name being `Dataset.map`. An example is wanted of every function, verb, action, source and aggregator, and a
 * group of what a dataset has.
 */
export function readExports(packages) {
  const entries = packages.map((name) => join(root, 'packages', name, 'src', 'index.ts'));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(entries, {
    ...options,
    noEmit: true,
    composite: false,
    incremental: false,
  });
  const checker = program.getTypeChecker();
  return packages.flatMap((name, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entries[index]));
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return describe(name, symbol.name, target, checker);
    });
  });
}

function describe(packageName, name, symbol, checker) {
  const isError = name.endsWith('Error');
  const isClass = Boolean(symbol.flags & ts.SymbolFlags.Class);
  const isWanted = !isError && !isClass && Boolean(symbol.flags & ts.SymbolFlags.Value);
  const own = entry(packageName, name, symbol, { checker, isWanted });
  if (isError || !isClass) return [own];
  const methods = [...symbol.members.values()].filter(isPublicMethod);
  const options = { checker, isWanted: true };
  return [own, ...methods.map((method) => entry(packageName, `${name}.${method.name}`, method, options))];
}

function entry(packageName, name, symbol, { checker, isWanted }) {
  const [declaration] = symbol.declarations;
  const file = declaration.getSourceFile();
  const line = file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1;
  const place = `${file.fileName.slice(root.length)}:${line}`;
  const tags = symbol.getJsDocTags(checker);
  const examples = tags
    .filter((tag) => tag.name === 'example')
    .map((tag) => ts.displayPartsToString(tag.text));
  const lacksGroup = name.startsWith('Dataset.') && !tags.some((tag) => tag.name === 'group');
  return { package: packageName, name, place, examples, isWanted, lacksGroup };
}

/** Neither private, nor internal, nor one that a symbol names. */
function isPublicMethod(symbol) {
  const [declaration] = symbol.declarations;
  if (!ts.isMethodDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false;
  return !ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === 'internal');
}

/**
 * The module of an example: what it uses of the packages is imported, and a statement `expression; // -> value` hands both
 * to `show`, by the line that it stands on. `packageOf` maps the names of exports to packages.
 */
export function moduleOf(example, packageOf) {
  const file = ts.createSourceFile('example.ts', example, ts.ScriptTarget.Latest, true);
  let code = '';
  let end = 0;
  let shown = 0;
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement)) continue;
    const promised = /^[ \t]*\/\/ -> (.+)/.exec(example.slice(statement.end))?.[1];
    if (promised === undefined) continue;
    const { expression } = statement;
    code += example.slice(end, expression.getStart());
    code += `show(${JSON.stringify(promised.trim())}, ${expression.getText()});`;
    end = statement.end;
    shown += 1;
  }
  code += example.slice(end);
  return { code: [...importsOf(file, packageOf), code].join(' '), shown };
}

function importsOf(file, packageOf) {
  const used = new Set();
  const declared = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node))
      (isDeclared(node) ? declared : isMember(node) ? new Set() : used).add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const byPackage = new Map();
  for (const name of used) {
    const from = declared.has(name) ? undefined : packageOf(name);
    if (from !== undefined) byPackage.set(from, [...(byPackage.get(from) ?? []), name]);
  }
  const imports = [...byPackage].map(([from, names]) => `import { ${names.join(', ')} } from '${from}';`);
  return [...imports, "import { show } from '../show.js';"];
}

function isDeclared(node) {
  const { parent } = node;
  const names = [ts.isPropertyAssignment, ts.isShorthandPropertyAssignment, ts.isPropertyAccessExpression];
  return parent.name === node && !names.some((is) => is(parent));
}

function isMember({ parent, text }) {
  if (ts.isPropertyAccessExpression(parent))
    return parent.name.text === text && parent.expression.text !== text;
  return ts.isPropertyAssignment(parent) && parent.name.text === text && parent.initializer.text !== text;
}
