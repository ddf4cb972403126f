/** Decompresses a page whose length is known. @throws Error for one that is damaged. */
type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** Makes the decoder ready. @throws Error where no WebAssembly may run. */
export async function zstdDecoder(): Promise<Decompress> {
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await withoutFetch(() => decoder.init());
  return (bytes, length) => {
    const page = decoder.decode(bytes, length);
    if (page.length === length) return page;
    // For what is damaged the decoder gives some bytes, and no error.
    throw new Error(`zstd: ${bytes.length} bytes do not decompress to ${length}`);
  };
}

/**
 * Calls a function that must not find a global `fetch`. zstddec would have it read a data URL, for which Node.js loads its HTTP
 * client, in ten times the time that the decoder takes.
 */
function withoutFetch<T>(call: () => T): T {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (own?.configurable !== true) return call();
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true });
  try {
    return call();
  } finally {
    Object.defineProperty(globalThis, 'fetch', own);
  }
}
