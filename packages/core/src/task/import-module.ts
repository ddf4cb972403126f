import { exists } from '../disk/exists.js';
import { JobError } from '../errors.js';
import { describeThrown, textOfThrown } from '../values/describe-thrown.js';

export type Exports = Readonly<Record<string, unknown>>;

/** Gets at a module by its URL. */
export type ImportModule = (module: string) => Promise<Exports>;

/** Imports a module as Node.js itself does. @throws JobError that says why it cannot be, and what helps. */
export async function importModule(module: string): Promise<Exports> {
  try {
    return (await import(module)) as Exports;
  } catch (cause) {
    const remedy = remedyOf(cause);
    throw new JobError(
      `${module} cannot be loaded in the child process: ${textOfThrown(cause)}${remedy && `; ${remedy}`}`,
      { cause },
    );
  }
}

const LOADER = "start the program with --import tsx, or run with { execArgv: ['--import', 'tsx'] }";
const STRIP = '--experimental-strip-types';

/** What helps where a program's own loader or runner does what Node.js by itself does not. */
function remedyOf(cause: unknown): string {
  const { code, message } = describeThrown(cause);
  switch (code) {
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return /"\.[cm]?tsx?"/.test(message) ? withoutTypeScript() : foreign('a file of this kind');
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `Node.js ${process.version} only strips types: a loader compiles the rest: ${LOADER}`;
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return `Node.js strips no types below node_modules: a loader does: ${LOADER}`;
    case 'ERR_MODULE_NOT_FOUND':
      return notFound(message);
    default:
      return isOfTest(message)
        ? 'this is a test file: define the job in a module of its own, which imports no test runner'
        : '';
  }
}

function withoutTypeScript(): string {
  const strip = process.allowedNodeEnvironmentFlags.has(STRIP) ? `, or ${STRIP} in place of it` : '';
  return `Node.js ${process.version} does not run TypeScript by itself: ${LOADER}${strip}`;
}

function foreign(what: string): string {
  return `children load modules as Node.js does, which does not know ${what}: keep it out of the job's module, or give the children a loader in execArgv`;
}

function notFound(message: string): string {
  const path = /^Cannot find module '(.+?)' imported from/.exec(message)?.[1];
  if (path === undefined) {
    return /^Cannot find package '[@~#]?\//.test(message) ? foreign('the aliases of other tools') : '';
  }
  if (/[\\/]\[(worker )?eval\d*\]$|[\\/]\[stdin\]$/.test(path)) {
    return 'a program that comes by --eval or through a pipe has no file for children to import: save it as one, or define the job in a module';
  }
  const written = path.replace(/\.([cm]?)js$/, '.$1ts');
  if (written !== path && exists(written)) {
    const byName =
      'typescript' in process.features && process.features.typescript ? 'import it by that name, or ' : '';
    return `there is ${written}, which a loader finds: ${byName}${LOADER}`;
  }
  const ending = ['.ts', '.js', '/index.ts', '/index.js'].find((ending) => exists(path + ending));
  if (ending === undefined) return '';
  return `there is ${path}${ending}: import it by its whole name, or with a loader: ${LOADER}`;
}

/** What the globals of test runners, and their modules, say in a process that is not one of theirs. */
function isOfTest(message: string): boolean {
  return (
    /^(describe|it|test|suite|expect|beforeAll|beforeEach|afterAll|afterEach|jest|vi) is not defined/.test(
      message,
    ) ||
    /outside of the Jest test environment|'@jest\/globals'|Vitest failed to (access|find)|Vitest was not found/i.test(
      message,
    )
  );
}
