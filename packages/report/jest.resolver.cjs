'use strict';

const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const buildFirst = join(__dirname, 'jest.build-first.js'); // jest swallows what a resolver throws, so a module throws it
const builds = {
  '@forkfold/core': join(__dirname, '..', 'core', 'dist', 'index.js'),
  '@forkfold/report': join(__dirname, 'dist', 'index.js'),
};

/**
 * Resolves as node does, with two exceptions: a relative `./x.js` that exists only as `./x.ts` is that source file
 * (so dist, fixtures and dependencies stay untouched), and a package of this house is its build.
 */
module.exports = function resolveModule(request, options) {
  const build = builds[request];
  if (build !== undefined) return existsSync(build) ? build : buildFirst;
  if (/^\.{1,2}\/.*\.js$/.test(request)) {
    const asJavaScript = resolve(options.basedir, request);
    const asTypeScript = asJavaScript.replace(/\.js$/, '.ts');
    if (!existsSync(asJavaScript) && existsSync(asTypeScript)) return asTypeScript;
  }
  return options.defaultResolver(request, options);
};
