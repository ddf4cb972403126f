import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, OnLoadResult, Plugin } from 'esbuild';

const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/** What `import.meta.url` becomes, and the name that the module of a URL exports it by. */
export const URL_NAME = '__forkfoldUrl';
const NAMESPACE = 'forkfold-url';

/**
 * Lets every module of a bundle keep its own URL and path, by which jobs are known and files are found.
 *
 * @param urls The URLs by which the program knows modules, by their paths, where they are not the paths' own.
 * @param keepsMaps Whether source maps of modules count, as they do for a program that has Node.js read them.
 */
export function moduleUrls(urls: ReadonlyMap<string, string>, keepsMaps: boolean): Plugin {
  const urlOf = (path: string): string => urls.get(path) ?? pathToFileURL(path).href;
  return {
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }));
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: `export default ${JSON.stringify(urlOf(path))}`,
      }));
      build.onLoad(
        { filter: /\.[cm]?[jt]sx?$/, namespace: 'file' },
        async ({ path }): Promise<OnLoadResult> => {
          const text = await readFile(path, 'utf8');
          const shown = keepsMaps ? text : text.replace(/^\/\/# sourceMappingURL=.*$/gm, '');
          return { contents: withOwnPlace(shown, path), loader: LOADERS[extname(path)]! };
        },
      );
    },
  };
}

/** Leaves every line where it was, and every column but those of a line that stands first. */
function withOwnPlace(text: string, path: string): string {
  // An import may stand last: it is done first.
  const url = /\bimport\.meta\.url\b/.test(text)
    ? `\nimport ${URL_NAME} from ${JSON.stringify(`${NAMESPACE}:${path}`)};`
    : '';
  if (!/\b__(file|dir)name\b/.test(text)) return text + url;
  const [start = ''] = /^(#!.*\n)?(\s*['"]use strict['"];?)?/.exec(text) ?? [];
  const name = JSON.stringify(path);
  const directory = JSON.stringify(path.slice(0, Math.max(0, path.search(/[/\\][^/\\]*$/))));
  // A module that declares these names itself is one that makes them out of its URL.
  if (/\b(const|let|var)\s+__(file|dir)name\b/.test(text)) return text + url;
  return `${start}var __filename=${name},__dirname=${directory};${text.slice(start.length)}${url}`;
}
