/** Cuts consecutive chunks into spans that are subtrees of the run's tree: a power of two of chunks, at a multiple of it. */
export function alignedSpans<C extends { readonly number: number }>(chunks: readonly C[]): (readonly C[])[] {
  const spans: (readonly C[])[] = [];
  for (let at = 0; at < chunks.length;) {
    const first = chunks[at]!.number;
    let length = 1;
    while (length * 2 <= chunks.length - at && first % (length * 2) === 0) length *= 2;
    spans.push(chunks.slice(at, at + length));
    at += length;
  }
  return spans;
}
