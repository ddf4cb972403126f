// In which files core's build lies. Left to itself, esbuild makes a chunk for each set of entries that share modules, a dozen
// for a child; and a file costs as much to load as thirty kilobytes in it, 1.4 ms. So what is loaded together lies together.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Each lies in one chunk, apart from what `work` has in common with the others: that is the chunk of all. */
const LAYERS = {
  face: ['src/index.ts'],
  run: ['src/run/run.ts', 'src/pool/process-pool.ts', 'src/run/interrupt.ts'],
  work: ['src/child/entry.ts', 'src/pool/inline-pool.ts'],
};
/** What is loaded where a layer is. */
const LOADED = { all: ['all'], face: ['all', 'face'], run: ['all', 'face', 'run'], work: ['all', 'work'] };
const ENGINE = 'src/engine.ts';
/** Programs: to import one is to run it. */
const PROGRAMS = ['src/child/entry.ts', 'src/child/parent-watch.ts'];

/**
 * A plugin that has every entry import all of its layers, so that esbuild sees one set of entries for each layer.
 *
 * @param graph Of the modules, as esbuild tells it.
 */
export function layered(core, graph) {
  const layerOf = layersIn(graph);
  const layersOf = entriesIn(graph, layerOf);
  const filter = /[\\/]core[\\/]src[\\/].*\.ts$/;
  return {
    name: 'layers',
    setup(build) {
      build.onLoad({ filter }, ({ path }) => {
        const own = relative(core, path).replaceAll('\\', '/');
        const layers = layersOf.get(own);
        if (layers === undefined) return undefined;
        const wanted = [...layerOf].filter(([module, layer]) => layers.has(layer) && module !== own);
        const imports = wanted.map(([module]) => `import ${JSON.stringify(join(core, module))};\n`);
        // Behind all else, so that the lines of the module, to which maps lead, stay where they are.
        return { contents: readFileSync(path, 'utf8') + imports.join(''), loader: 'ts' };
      });
    },
  };
}

/** The layer of each module that is in one. */
function layersIn(graph) {
  const [face, run, work] = [LAYERS.face, LAYERS.run, LAYERS.work].map((roots) => closure(graph, roots));
  // What the parent may load when it first needs it counts, too: else it would lie in one more chunk.
  const parents = closure(graph, [...LAYERS.face, ...LAYERS.run], ['import-statement', 'dynamic-import']);
  const layerOf = new Map();
  for (const module of Object.keys(graph)) {
    if (PROGRAMS.includes(module)) continue;
    if (work.has(module)) layerOf.set(module, parents.has(module) ? 'all' : 'work');
    else if (face.has(module)) layerOf.set(module, 'face');
    else if (run.has(module)) layerOf.set(module, 'run');
  }
  return layerOf;
}

/** The layers that are there once an entry is loaded: its own, or those of whatever imports it when it is first needed. */
function entriesIn(graph, layerOf) {
  const [child] = PROGRAMS;
  const loadedBy = (module) => LOADED[module === child ? 'work' : layerOf.get(module)] ?? [];
  const layersOf = new Map(
    [...Object.values(LAYERS).flat(), child].map((root) => [root, new Set(loadedBy(root))]),
  );
  for (const [module, { imports }] of Object.entries(graph)) {
    for (const { path, kind, external } of imports) {
      if (kind !== 'dynamic-import' || external) continue;
      const isInLayer = layerOf.has(path);
      const others = layersOf.get(path);
      const layers = loadedBy(isInLayer ? path : module).filter((layer) => others?.has(layer) ?? true);
      layersOf.set(path, new Set(layers));
    }
  }
  return layersOf.set(ENGINE, new Set(['all', 'face', 'run', 'work']));
}

/** The modules that are loaded with some of them, but for what the work of a child needs where others are asked for. */
function closure(graph, entries, kinds = ['import-statement']) {
  const found = new Set();
  const visit = (module) => {
    if (found.has(module) || (LAYERS.work.includes(module) && !entries.includes(module))) return;
    found.add(module);
    for (const { path, kind, external } of graph[module].imports) {
      if (kinds.includes(kind) && !external) visit(path);
    }
  };
  entries.forEach(visit);
  return found;
}
