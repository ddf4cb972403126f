import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = new URL('../../../../docs/', import.meta.url);

/** Replaces what a guide has between `<!-- NAME ... -->` and `<!-- end of NAME -->`. @throws where it has no such place */
export function writeGuideSection(guide: string, name: string, markdown: string): void {
  const path = fileURLToPath(new URL(guide, docs));
  const text = readFileSync(path, 'utf8');
  const place = new RegExp(`(<!-- ${name}\\b[^>]*-->\\n)[^]*?(<!-- end of ${name} -->)`);
  if (!place.test(text)) throw new Error(`docs/${guide} has no place for "${name}"`);
  writeFileSync(
    path,
    text.replace(place, (_, start: string, end: string) => `${start}\n${markdown.trim()}\n\n${end}`),
  );
  console.log(`\nWritten to docs/${guide}`);
}

/** Writes a picture for the guides. */
export function writeGuidePicture(name: string, svg: string): void {
  const path = fileURLToPath(new URL(`images/${name}`, docs));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, svg);
}

/** When, where and how often something was measured, in words. */
export function measuredWhen(rounds: number): string {
  const day = new Date().toISOString().slice(0, 10);
  const often = rounds === 1 ? 'one round' : `medians of ${rounds} rounds`;
  return `Measured ${day}, Node ${process.versions.node}, ${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown CPU'}, ${often}`;
}
