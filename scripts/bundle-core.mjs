// Bundles core's JavaScript: a child that starts pays for each module that it loads, and for little else.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { layered } from './core-layers.mjs';
import { childsWorker } from './childs-worker.mjs';
import { keepConstants } from './keep-constants.mjs';
import { root } from './run-command.mjs';

const core = join(root, 'packages', 'core');
const dist = join(core, 'dist');

/**
 * Writes what differs from the disk and removes what is no output, so that a build without a change touches nothing.
 * What several entries need lies in chunks that they share, because a child and the jobs that it imports share state.
 */
export async function bundleCore() {
  const settings = {
    absWorkingDir: core,
    entryPoints: ['index', 'engine', 'child/entry', 'child/parent-watch'].map((name) => `src/${name}.ts`),
    outdir: 'dist',
    outbase: 'src',
    // Chunks lie as deep as a source file does, so that a URL which is relative to one is right in the other.
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    // The package has `src`, to which the maps lead.
    sourcesContent: false,
    write: false,
    metafile: true,
    logLevel: 'warning',
  };
  const { metafile: plain } = await build(settings);
  const { outputFiles, metafile } = await build({
    ...settings,
    // A module that is only imported is kept.
    ignoreAnnotations: true,
    plugins: [layered(core, plain.inputs), childsWorker(core)],
  });
  checkPlaces(metafile.outputs);
  for (const { path, contents, text } of outputFiles) {
    writeIfNew(path, path.endsWith('.js') ? Buffer.from(keepConstants(text)) : contents);
  }
  const wanted = new Set(outputFiles.map(({ path }) => relative(dist, path)));
  for (const file of scriptsIn(dist)) if (!wanted.has(file)) rmSync(join(dist, file));
}

/**
 * A module is bundled into another folder, which is as deep as its own: from there `../folder/file` leads to the same file,
 * and `./file` does not. One that came to lie at the top of `dist` would find nothing.
 */
function checkPlaces(outputs) {
  for (const [output, { inputs }] of Object.entries(outputs)) {
    for (const input of Object.keys(inputs).filter((file) => file.startsWith('src/'))) {
      const places = readFileSync(join(core, input), 'utf8').matchAll(
        /new URL\('([^']*)', (?:import\.meta\.url|place)\)/g,
      );
      for (const [text, place] of places) {
        const isRight = place.startsWith('../') || place === '..';
        if (isRight && output.split('/').length === input.split('/').length) continue;
        throw new Error(`${input}: ${text} leads elsewhere from ${output}`);
      }
    }
  }
}

function scriptsIn(folder) {
  const files = readdirSync(folder, { recursive: true });
  return files.map((file) => file.split('/').join(sep)).filter((file) => /\.js(\.map)?$/.test(file));
}

function writeIfNew(path, contents) {
  try {
    if (readFileSync(path).equals(contents)) return;
  } catch {
    mkdirSync(dirname(path), { recursive: true });
  }
  writeFileSync(path, contents);
}
