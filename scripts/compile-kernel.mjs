/*
 * `npm run build:kernel`: compiles `packages/core/wasm/csv-scan.ts` by AssemblyScript into the module of core that holds its code, which
 * is committed. `npm run check:kernel` says whether that is what the source becomes. The compiler has 90 MB, so it is no
 * dependency: it is brought to the cache of the benches, and where it cannot be had this says so.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, runOrExit } from './run-command.mjs';
import { setup } from './setup.mjs';

const source = join(root, 'packages', 'core', 'wasm', 'csv-scan.ts');
const target = join(root, 'packages', 'core', 'src', 'source', 'csv', 'kernel-code.ts');
/** Another version may make other code of the same source; it pins what it depends on itself. */
const COMPILER = { title: 'AssemblyScript', name: 'assemblyscript', version: '0.28.20' };
const BYTES_A_LINE = 90;
/** The kernel has all of its memory from the beginning: to grow it would take it away from those who look at it. */
const PAGES = '176';

await setup();
const { findPackage } = await import('../packages/bench/dist/measure/native-package.js');
const url = findPackage(COMPILER, join(tmpdir(), 'forkfold-bench-cache'));
if (url === undefined) console.log('SKIPPED: npm cannot bring assemblyscript');
else if (!process.argv.includes('--check')) writeFileSync(target, await compiled());
else if (readFileSync(target, 'utf8') === (await compiled())) console.log('kernel-code.ts is up to date');
else {
  console.error('kernel-code.ts is not what csv-scan.ts becomes: run npm run build:kernel');
  process.exitCode = 1;
}

/** The text of the module. */
async function compiled() {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-kernel-'));
  try {
    const output = join(directory, 'kernel.wasm');
    const asc = fileURLToPath(new URL('../bin/asc.js', url));
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
    const memory = ['--initialMemory', PAGES, '--maximumMemory', PAGES];
    await runOrExit(process.execPath, [asc, source, '--outFile', output, ...options, ...memory]);
    const text = readFileSync(output).toString('base64');
    const lines = Array.from({ length: Math.ceil(text.length / BYTES_A_LINE) }, (_, i) =>
      text.slice(i * BYTES_A_LINE, (i + 1) * BYTES_A_LINE),
    );
    return (
      '/** WebAssembly: what `npm run build:kernel` makes of `wasm/csv-scan.ts`, in base64. */\n' +
      `export const KERNEL_CODE = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}
