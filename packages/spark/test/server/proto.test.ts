import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { filesOfZip } from './zip.js';

const directory = mkdtempSync(join(tmpdir(), 'forkfold-proto-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const options = { keepCase: true, longs: Number, enums: String };

/** The protos that Spark's own jar holds. */
function protosOfSpark(): PackageDefinition {
  const { FORKFOLD_SPARK_JARS: jars } = process.env;
  const jar = readdirSync(jars!).find((name) => name.startsWith('spark-connect_'))!;
  for (const [name, bytes] of filesOfZip(join(jars!, jar), (name) =>
    /^spark\/connect\/.*\.proto$/.test(name),
  )) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), bytes);
  }
  return loadSync('spark/connect/base.proto', { ...options, includeDirs: [directory] });
}

/** Every field, value and method, as one line each. */
function linesOf(definitions: PackageDefinition): Set<string> {
  const lines = new Set<string>();
  for (const [name, definition] of Object.entries(definitions)) {
    const { type } = definition as { type?: any };
    if (type === undefined) {
      for (const [method, { path, requestStream, responseStream }] of Object.entries(
        definition as Record<string, any>,
      )) {
        lines.add(`${name} ${method} ${path} ${requestStream} ${responseStream}`);
      }
      continue;
    }
    for (const { name: field, number, label, type: kind, typeName, proto3Optional } of type.field ?? []) {
      // One names a type by its full name, the other as it was written.
      const last = String(typeName ?? '')
        .split('.')
        .at(-1);
      lines.add(`${name} ${field} ${number} ${label} ${kind} ${last} ${proto3Optional ?? false}`);
    }
    for (const { name: value, number } of type.value ?? []) lines.add(`${name} ${value} ${number}`);
  }
  return lines;
}

test('every line of the extract says what Spark says', () => {
  const own = fileURLToPath(new URL('../../proto/spark-connect.proto', import.meta.url));
  const ours = linesOf(loadSync(own, options));
  const theirs = linesOf(protosOfSpark());
  expect(ours.size).toBeGreaterThan(100);
  expect([...ours].filter((line) => !theirs.has(line))).toEqual([]);
});
