const LINE_FEED = 0x0a;

/** The lines of a stream, which may be long, without their ends; the last one may lack its own. */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest: Buffer[] = [];
  for await (const bytes of stream) {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      const end = bytes.subarray(from, at);
      yield (rest.length === 0 ? end : Buffer.concat([...rest, end])).toString();
      rest = [];
      from = at + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString();
}
