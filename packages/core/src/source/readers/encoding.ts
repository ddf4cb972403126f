/** No text is split at line ends in these: a LF is two bytes, or what a byte means depends on the lines before it. */
const UNFIT: readonly string[] = ['utf-16le', 'utf-16be', 'iso-2022-jp'];

/** 0x80 to 0x9F in windows-1252, which some releases of Node.js take for ISO-8859-1. */
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The name of the encoding that a label of the WHATWG standard stands for, if lines can be read in it. */
export function encodingOf(label: unknown): string | undefined {
  try {
    const { encoding } = new TextDecoder(String(label));
    return typeof label === 'string' && !UNFIT.includes(encoding) ? encoding : undefined;
  } catch {
    return undefined;
  }
}

/** Reads bytes that are no UTF-8, given the name of their encoding. What it cannot read becomes U+FFFD. */
export function decoderOf(encoding: string): (bytes: Buffer) => string {
  if (encoding === 'windows-1252') {
    return (bytes) =>
      bytes.toString('latin1').replace(/[\x80-\x9f]/g, (of) => WINDOWS[of.charCodeAt(0) - 0x80]!);
  }
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
}
