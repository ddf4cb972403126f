const CHUNKS = 64;

/** Cuts items into chunks of the same size. */
export function inChunks<Items extends Sliceable<Items>>(items: Items): Items[] {
  const size = Math.ceil(items.length / CHUNKS);
  return Array.from({ length: CHUNKS }, (_, i) => items.slice(i * size, (i + 1) * size));
}

interface Sliceable<Items> {
  readonly length: number;
  slice(start: number, end: number): Items;
}
