let made: Promise<Uint8Array> | undefined;

/** The script that Node.js starts on executors: it loads the program that its first argument names. */
export function bundledLoader(): Promise<Uint8Array> {
  return (made ??= bundleLoader());
}

async function bundleLoader(): Promise<Uint8Array> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifyWhitespace: true,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.contents;
}

/** The program does not see that something else was started. */
const ENTRY = `
import { resolve } from 'node:path';
import { loadProgram } from '../runner/load-program.js';
process.argv.splice(1, 1);
process.argv[1] = resolve(process.argv[1]);
void loadProgram(process.argv[1]);`;
