// A place of the table holds a record, and behind it these bits of its hash, so that few others are looked at in vain.
export const TAG_BITS = 4;
export const TAG_MASK = 15;
export const TAG_SHIFT = 32 - TAG_BITS;

/** What a place holds for a record, which is where it begins, in units of two words; its hash is its first word. */
export function placeOf(record: number, hash: number): number {
  return (record << TAG_BITS) | (hash >>> TAG_SHIFT);
}

/** So many places, a power of two, that hold these records. */
export function placesFor(length: number, records: Uint32Array, words: Int32Array): Int32Array {
  const places = new Int32Array(length);
  const mask = length - 1;
  for (const record of records) {
    const hash = words[2 * record]!;
    let place = hash & mask;
    while (places[place] !== 0) place = (place + 1) & mask;
    places[place] = placeOf(record, hash);
  }
  return places;
}

/** To empty all places takes as long as to empty one in so many by its record. */
const PLACES_A_RECORD = 16;

/** Empties all places, which hold these records: what a few have used of the places of many is soon empty. */
export function vacate(places: Int32Array, records: Uint32Array, words: Int32Array): void {
  if (PLACES_A_RECORD * records.length > places.length) {
    places.fill(0);
    return;
  }
  const mask = places.length - 1;
  for (const record of records) {
    let place = words[2 * record]! & mask;
    while (places[place]! >>> TAG_BITS !== record) place = (place + 1) & mask;
    places[place] = 0;
  }
}
