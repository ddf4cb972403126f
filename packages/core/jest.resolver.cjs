'use strict';

const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const distIndex = join(__dirname, 'dist', 'index.js');
const distEngine = join(__dirname, 'dist', 'engine.js');
const buildFirst = join(__dirname, 'jest.build-first.js'); // jest swallows what a resolver throws, so a module throws it

/**
 * Resolves as node does, with two exceptions: a relative `./x.js` that exists only as `./x.ts` is that source file
 * (so dist, fixtures and dependencies stay untouched), and the package's own name is its build.
 */
module.exports = function resolveModule(request, options) {
  if (request === '@forkfold/core') return existsSync(distIndex) ? distIndex : buildFirst;
  if (request === '@forkfold/core/engine') return existsSync(distIndex) ? distEngine : buildFirst;
  if (/^\.{1,2}\/.*\.js$/.test(request)) {
    const asJavaScript = resolve(options.basedir, request);
    const asTypeScript = asJavaScript.replace(/\.js$/, '.ts');
    if (!existsSync(asJavaScript) && existsSync(asTypeScript)) return asTypeScript;
  }
  return options.defaultResolver(request, options);
};
