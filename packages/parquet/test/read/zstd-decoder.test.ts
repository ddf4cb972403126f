import { describe, expect, it } from '@jest/globals';
import { zstdDecoder } from '../../src/read/zstd-decoder.js';

/** A frame of one raw block (RFC 8878, 3.1.1), whose length is in its head. */
function frameOf(text: string): Uint8Array {
  const { length } = Buffer.from(text);
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
  return Uint8Array.from([...head, (length << 3) | 1, 0, 0, ...Buffer.from(text)]);
}

describe('the decoder of zstd', () => {
  // The first one in this file: the code is loaded once.
  it('leaves the global fetch as it was, and does not call it', async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
    let calls = 0;
    const mine = (): never => {
      calls += 1;
      throw new Error('fetch was called');
    };
    Object.defineProperty(globalThis, 'fetch', { value: mine, configurable: true, writable: true });
    try {
      await zstdDecoder();
      expect(globalThis.fetch).toBe(mine);
      expect(calls).toBe(0);
    } finally {
      if (own) Object.defineProperty(globalThis, 'fetch', own);
    }
  });

  it('decompresses a page', async () => {
    const decode = await zstdDecoder();
    expect(Buffer.from(decode(frameOf('hello'), 5)).toString()).toBe('hello');
  });

  it.each([
    ['that is no frame', Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), 5],
    ['that is cut', frameOf('hello').subarray(0, 11), 5],
    ['of more bytes than its head says', frameOf('hello'), 4],
    ['of fewer bytes than its head says', frameOf('hello'), 6],
    ['without bytes', new Uint8Array(), 1],
  ])('throws for a page %s', async (_, bytes, length) => {
    const decode = await zstdDecoder();
    expect(() => decode(bytes, length)).toThrow(`zstd: ${bytes.length} bytes do not decompress to ${length}`);
    expect(Buffer.from(decode(frameOf('again'), 5)).toString()).toBe('again');
  });
});
