import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobError } from '@forkfold/core';
import type { BuildFailure, BuildOptions, Message } from 'esbuild';
import { moduleUrls, URL_NAME } from './module-urls.js';
import { originalPlaces, type OriginalPlaces } from './original-places.js';

/** The runner with the user's modules, as one file. */
export interface Bundle {
  readonly code: Uint8Array;
  /** How its name ends: a script is compiled once on a machine, and what awaits at its top level must be a module. */
  readonly suffix: '.cjs' | '.mjs';
  /** Leads from a place in the code to the one that the user has written. */
  readonly places: OriginalPlaces;
  /** The files that it was made of. */
  readonly files: readonly string[];
}

const OUTPUT = 'runner.mjs';

const SETTINGS = {
  bundle: true,
  platform: 'node',
  target: `node${process.versions.node.split('.')[0]}`,
  // Node.js itself looks at no `module`, neither as a field nor as a condition.
  mainFields: ['main'],
  conditions: [],
  outfile: OUTPUT,
  absWorkingDir: import.meta.dirname,
  write: false,
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * What a module of CommonJS requires is in the bundle, but for Node's own modules; and a module has no `require`.
 */
const MODULE = {
  format: 'esm',
  banner: {
    js: `import { createRequire as __forkfoldRequire } from 'node:module';
const require = __forkfoldRequire(import.meta.url);`,
  },
} as const;

/** What has an `import.meta` of which more than the URL is asked for cannot be a script. */
const SCRIPT = {
  format: 'cjs',
  banner: { js: '(function (require) { "use strict";' },
  footer: { js: '})' },
  logOverride: { 'empty-import-meta': 'error' },
} as const;

/**
 * Bundles the runner with modules of jobs and what they import, packages and JSON included.
 *
 * @param modules Their URLs, as the plan has them.
 * @throws JobError for what cannot be bundled: a module that is no file, or is not found, or a native addon.
 */
export async function bundle(modules: readonly string[]): Promise<Bundle> {
  const paths = new Map(modules.map((url) => [pathOf(url), url]));
  try {
    return await bundleAs(SCRIPT, paths).catch(() => bundleAs(MODULE, paths));
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    const [first] = (cause as Partial<BuildFailure>).errors ?? [];
    throw new JobError(`The program cannot be bundled for Spark: ${first ? inWords(first) : String(cause)}`, {
      cause,
    });
  }
}

async function bundleAs(
  kind: typeof SCRIPT | typeof MODULE,
  paths: ReadonlyMap<string, string>,
): Promise<Bundle> {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...SETTINGS,
    ...kind,
    stdin: { contents: entryOf(paths), resolveDir: import.meta.dirname, loader: 'ts' },
    // Names of classes are a part of errors, and those of functions tell one job from another.
    keepNames: true,
    define: { 'import.meta.url': URL_NAME },
    plugins: [moduleUrls(paths, process.sourceMapsEnabled)],
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
  });
  checkAddons(Object.keys(metafile.inputs));
  const [map, code] = ['.map', '.mjs'].map((end) => outputFiles.find(({ path }) => path.endsWith(end))!);
  return {
    code: code!.contents,
    suffix: kind === SCRIPT ? '.cjs' : '.mjs',
    places: originalPlaces(map!.text, import.meta.dirname),
    files: filesOf(Object.keys(metafile.inputs)),
  };
}

/** Inputs that are files; others have a name of their own kind before a colon. */
function filesOf(inputs: readonly string[]): string[] {
  const files = inputs.filter((input) => !/^(<stdin>|forkfold-url:)/.test(input));
  return files.map((file) => resolve(import.meta.dirname, file));
}

function pathOf(url: string): string {
  if (url.startsWith('file:')) return fileURLToPath(url.replace(/[?#].*$/, ''));
  throw new JobError(`${url} cannot be bundled for Spark, since it is no file: define the job in one`);
}

/** Modules are loaded when they are asked for, as on this machine: one may start a run of its own. */
function entryOf(paths: ReadonlyMap<string, string>): string {
  const loaders = Array.from(
    paths,
    ([path, url]) => `  ${JSON.stringify(url)}: () => import(${JSON.stringify(path)}),`,
  );
  return [`import { runProgram } from '../runner/program.js';`, 'void runProgram({', ...loaders, '});'].join(
    '\n',
  );
}

function inWords({ text, location }: Message): string {
  const where = location ? ` (${location.file}:${location.line})` : '';
  if (/No loader is configured for "\.node"/.test(text)) {
    return `${text.replace(/^.*?: /, '')} is a native addon${where}: keep it out of the job's module, and install nothing native`;
  }
  return `${text}${where}`;
}

/** Packages that look for a native addon at run time, which a bundle does not have. */
const ADDON_LOADERS =
  /node_modules\/(bindings|node-gyp-build|node-pre-gyp|@mapbox\/node-pre-gyp|@napi-rs\/[^/]+)\//;

function checkAddons(inputs: readonly string[]): void {
  const found = inputs.find((input) => ADDON_LOADERS.test(input.replaceAll('\\', '/')));
  if (found === undefined) return;
  throw new JobError(
    `The program cannot be bundled for Spark: a package that it imports has a native addon, which ${found} looks for`,
  );
}
