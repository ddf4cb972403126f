import { describe, expect, it } from '@jest/globals';
import { randomBytes } from '../../src/disk/random-bytes.js';

describe('random bytes', () => {
  it('come in the number that is asked for, and twice not the same', () => {
    const [one, other] = [randomBytes(24), randomBytes(24)];
    expect(one).toHaveLength(24);
    expect(one.equals(other)).toBe(false);
  });

  it('come from node:crypto where the system gives none as a file', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      const [one, other] = [randomBytes(24), randomBytes(24)];
      expect(one).toHaveLength(24);
      expect(one.equals(other)).toBe(false);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
  });
});
