// Makes one module of what the page of a run holds besides its data: its script, with the library that draws, and its style.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './run-command.mjs';

const folder = join(root, 'packages', 'report');

export async function bundleReport() {
  const shared = {
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    outdir: 'dist',
    logLevel: 'warning',
  };
  const [script, style] = await Promise.all([
    build({
      ...shared,
      entryPoints: ['client/main.ts'],
      banner: { js: notice() },
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
    }),
    build({ ...shared, entryPoints: ['client/style.css'] }),
  ]);
  const textOf = ({ outputFiles: [{ text }] }) => text.trim();
  // Both stand in elements of a page, which such a tag would end.
  for (const result of [script, style]) {
    if (/<\/(script|style)|<!--/i.test(textOf(result)))
      throw new Error('The page would end in its script or style');
  }
  const module = `export const script = ${JSON.stringify(textOf(script))};\nexport const style = ${JSON.stringify(textOf(style))};\n`;
  writeIfNew(join(folder, 'dist', 'assets.js'), module);
}

/** What the library's licence asks for. */
function notice() {
  const license = readFileSync(join(folder, 'node_modules', 'uplot', 'LICENSE'), 'utf8').trim();
  return `/*! This holds uPlot. ${license.replaceAll('*/', '')} */`;
}

function writeIfNew(path, text) {
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    mkdirSync(join(path, '..'), { recursive: true });
  }
  writeFileSync(path, text);
}
