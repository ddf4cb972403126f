/** What coverage tools put into functions: a call of a function of the module, which counts. */
const COUNTER = /\bcov_\w+(?=\(\))/g;
/** What vitest makes of imports, of `import()` and of `import.meta`. */
const VITEST = /\b__(?:vite_ssr_import|vi_import)_\d+__|\b__vite_ssr_(?:dynamic_import|import_meta)__/;
/** What Stryker puts into functions to change what they do. */
const MUTANT = /\bstry(?:MutAct|Cov)_\w+(?=\()/;

/** Whether a runner or a coverage tool has put names of the function's module into its text. */
export function isInstrumented(source: string): boolean {
  return VITEST.test(source) || MUTANT.test(source) || source.search(COUNTER) >= 0;
}

/**
 * Definitions of the names that a function's own text did not have, for a process without its module: counters count for
 * nobody there, and what `import()` names relative to the runner's root cannot be found.
 */
export function standInsFor(source: string): string {
  const counters = [...new Set(source.match(COUNTER))].map((name) => `const ${name} = () => count; `);
  const count =
    'const count = new Proxy(() => count, { get: (_, key) => key === Symbol.toPrimitive ? () => 0 : count, set: () => true }); ';
  const load = source.includes('__vite_ssr_dynamic_import__')
    ? 'const __vite_ssr_dynamic_import__ = async (name) => { ' +
      "if (name[0] === '/') throw new ReferenceError('__vite_ssr_dynamic_import__ is not defined'); return import(name); }; "
    : '';
  return (counters.length > 0 ? count + counters.join('') : '') + load;
}

/** What the user wrote where a text has `name`, which is not defined; undefined where that may be the name itself. */
export function writtenName(name: string, source: string): string | undefined {
  if (name === '__vite_ssr_dynamic_import__') return 'import()';
  if (name === '__vite_ssr_import_meta__') return 'import.meta';
  const member = VITEST.test(name) ? `(?<![\\w$])${name}(?:\\.(\\w+)|\\["(\\w+)"\\])` : importedCall(name);
  return member && new RegExp(member).exec(source)?.slice(1).find(Boolean);
}

/** Compilers call what was imported as `(0, import_x.cents)(1)`, and nobody else does. */
function importedCall(name: string): string | undefined {
  return /^\w+$/.test(name) ? `\\(0, ?${name}\\.(\\w+)\\)\\(` : undefined;
}
