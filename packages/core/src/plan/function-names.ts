import { moduleRefOf } from '../module-ref.js';
import type { Node, Sink } from './node.js';
import type { PlanFunction } from './function-ref.js';
import { traitsOf } from './verbs.js';
import { escapeControls } from '../values/preview.js';

/** Characters of a function without a name that are shown. */
const LENGTH = 40;

/** What a function is called in words: by its name, or by how its text begins. */
export function functionName(ref: PlanFunction): string {
  switch (ref.kind) {
    case 'job': {
      const callable: unknown = ref.call.functions[ref.index]?.callable;
      const found = Object(callable) === callable ? moduleRefOf(callable as object) : undefined;
      if (found !== undefined) return moduleName(found.name, found.arguments?.map(named));
      return typeof callable === 'function'
        ? nameOf(callable.name, Function.prototype.toString.call(callable))
        : '{ ... }';
    }
    case 'inline':
      return nameOf(/^(?:async\s+)?function\*?\s*([\w$]+)/.exec(ref.text.source)?.[1] ?? '', ref.text.source);
    case 'inline-aggregator':
      return `{ ${Object.keys(ref.methods).join(', ')} }`;
    case 'module':
      return moduleName(
        ref.name,
        ref.arguments?.map((given) => ('value' in given ? given.value : { name: functionName(given.fn) })),
      );
  }
}

/** What is ready-made by its name, anything else as it is. */
function named(given: unknown): unknown {
  const found = Object(given) === given ? moduleRefOf(given as object) : undefined;
  return found === undefined ? given : { name: moduleName(found.name, found.arguments?.map(named)) };
}

/** What a module's function is called, by what it was given: the field that it is of, or the names of its results. */
export function moduleName(name: string, [of]: readonly unknown[] = []): string {
  if (typeof of === 'string')
    return name === 'field' ? shortened(JSON.stringify(of)) : shortened(`${name}(${JSON.stringify(of)})`);
  // What only looks at another one is called as that is.
  if (name === 'fieldsThere') return (of as { readonly name: string }).name;
  return name === 'named' && Array.isArray(of) ? shortened(`{ ${of.join(', ')} }`) : name;
}

function nameOf(name: string, text: string): string {
  if (name !== '') return name;
  return shortened(text.replace(/\s+/g, ' '));
}

function shortened(text: string): string {
  const line = escapeControls(text);
  return line.length > LENGTH ? `${line.slice(0, LENGTH - 1)}…` : line;
}

/** A description in one line: `textLines(books) -> flatMap(words) -> countByValue -> collect`. */
export function inOneLine(node: Node, sink: Sink<PlanFunction>): string {
  const name = 'verb' in sink ? sink.verb : sink.kind;
  return `${nodeInOneLine(node)} -> ${'fn' in sink ? `${name}(${functionName(sink.fn)})` : name}`;
}

/** A source with its paths. */
export function sourceInWords(name: string, paths: readonly string[] = []): string {
  const shown = paths.slice(0, 2).map((path) => escapeControls(path));
  const more = paths.length > 2 ? [`… ${paths.length - 2} more`] : [];
  return paths.length === 0 ? name : `${name}(${[...shown, ...more].join(', ')})`;
}

/** What a dataset describes in one line, as `inOneLine` does a plan. */
export function nodeInOneLine(node: Node): string {
  switch (node.kind) {
    case 'source':
      return sourceInWords(node.source.name, node.source.paths);
    case 'union':
      return `(${node.inputs.map(nodeInOneLine).join(' + ')})`;
    case 'narrow': {
      const input = nodeInOneLine(node.input);
      return traitsOf(node.op.verb).isHidden ? input : `${input} -> ${withFunction(node.op)}`;
    }
    case 'shuffle': {
      const inputs = node.inputs.map(nodeInOneLine);
      const from = inputs.length === 1 ? inputs[0]! : `(${inputs.join(', ')})`;
      return `${from} -> ${withFunction(node.shuffle)}`;
    }
  }
}

function withFunction(of: { readonly verb: string; readonly fn?: PlanFunction }): string {
  return of.fn === undefined ? of.verb : `${of.verb}(${functionName(of.fn)})`;
}

/** All functions of a description, by what they are called in it. */
export function functionsOf(root: Node): Map<string, string> {
  const names = new Map<string, string>();
  const seen = new Set<Node>();
  const rest = [root];
  const add = (of: { readonly verb: string; readonly fn?: PlanFunction }): void => {
    if (of.fn?.kind === 'job') names.set(jobKey(of.fn.call.job, of.fn.index), functionName(of.fn));
  };
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === 'narrow') add(next.op);
    if (next.kind === 'shuffle') add(next.shuffle);
    if (next.kind !== 'source') rest.push(...('input' in next ? [next.input] : next.inputs));
  }
  return names;
}

/** By what a function of a job is known among those of a plan. */
export function jobKey(job: { readonly module: string; readonly number: number }, index: number): string {
  return `${job.module}\n${job.number}\n${index}`;
}
