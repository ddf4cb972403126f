import { stat } from 'node:fs/promises';
import { bundle, type Bundle } from './bundle.js';

/** Bundles of so many programs are kept. */
const MOST = 8;

/** The bundles of an engine: one is made anew when a file of it is another one. */
export class Bundles {
  readonly #made = new Map<string, { readonly made: Bundle; readonly stamps: string }>();

  /** @throws JobError as `bundle` does. */
  async of(modules: readonly string[]): Promise<Bundle> {
    const key = modules.toSorted().join('\n');
    const known = this.#made.get(key);
    if (known !== undefined && (await stampsOf(known.made.files)) === known.stamps) return known.made;
    const made = await bundle(modules);
    this.#made.delete(key);
    this.#made.set(key, { made, stamps: await stampsOf(made.files) });
    for (const oldest of [...this.#made.keys()].slice(0, -MOST)) this.#made.delete(oldest);
    return made;
  }
}

async function stampsOf(files: readonly string[]): Promise<string> {
  const stamps = files.map((file) =>
    stat(file).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => 'gone',
    ),
  );
  return (await Promise.all(stamps)).join('\n');
}
