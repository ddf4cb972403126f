import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const file = fileURLToPath(new URL('completions.example.ts', import.meta.url));

const source = `
import { createPool, from, range } from '@forkfold/core';
const pool = createPool();
pool./*pool*/;
range(3)./*dataset*/;
from([1]).count()./*plan*/;
void range(3).count().run({ /*options*/ });
`;

const service = ts.createLanguageService(hostOf(source));

/** What an editor offers at a mark of the program. */
function offered(mark: string): string[] {
  const at = source.indexOf(`/*${mark}*/`);
  const completions = service.getCompletionsAtPosition(file, at, { includeCompletionsWithInsertText: true });
  return completions!.entries.map(({ name }) => name).sort();
}

function hostOf(source: string): ts.LanguageServiceHost {
  return {
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      strict: true,
      types: ['node'],
    }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot(name) {
      const content = name === file ? source : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => fileURLToPath(new URL('.', import.meta.url)),
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => (name === file ? source : ts.sys.readFile(name)),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
  };
}

it('the program knows forkfold', () => {
  const errors = service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  expect(errors.filter((text) => text.includes('Cannot find'))).toEqual([]);
});

it('a pool offers what its user needs, and nothing else', () => {
  expect(offered('pool')).toEqual(['Symbol', 'close', 'size']);
});

it('a dataset offers verbs and actions, and nothing else', () => {
  const names = offered('dataset');
  expect(names).toEqual(expect.arrayContaining(['map', 'toArray', 'stream', 'countByValue']));
  expect(
    names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name) || /^(node|record|constructor)$/.test(name)),
  ).toEqual([]);
});

it('a plan offers explain and run', () => {
  expect(offered('plan').sort()).toEqual(['explain', 'run']);
});

it('the options offer no key that is not in the docs', () => {
  const names = offered('options');
  expect(names).toEqual(expect.arrayContaining(['processes', 'chunkSize', 'engine', 'tmpDir']));
  expect(names.filter((name) => /shuffleMemory|startDirectory|deadlines/.test(name))).toEqual([]);
});
