'use strict';

const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const packages = join(__dirname, '..', '..', 'packages');
const buildFirst = join(__dirname, 'build-first.js'); // jest swallows what a resolver throws, so a module throws it

/**
 * Resolves as node does, with two exceptions: a relative `./x.js` that exists only as `./x.ts` is that source file
 * (so dist, fixtures and dependencies stay untouched), and a package of this house is its build.
 */
module.exports = function resolveModule(request, options) {
  const [, name, entry = 'index'] = /^@forkfold\/(\w+)(?:\/(\w+))?$/.exec(request) ?? [];
  if (name !== undefined) {
    const build = join(packages, name, 'dist', `${entry}.js`);
    return existsSync(build) ? build : buildFirst;
  }
  if (/^\.{1,2}\/.*\.js$/.test(request)) {
    const asJavaScript = resolve(options.basedir, request);
    const asTypeScript = asJavaScript.replace(/\.js$/, '.ts');
    if (!existsSync(asJavaScript) && existsSync(asTypeScript)) return asTypeScript;
  }
  return options.defaultResolver(request, options);
};
