import { describe, expect, it } from '@jest/globals';
import { patiently } from '../../src/run/patiently.js';

describe('patiently', () => {
  it('waits for an end, but for none that never comes', async () => {
    await expect(patiently(Promise.resolve(1), 2 ** 30)).resolves.toBeUndefined();
    await expect(patiently(new Promise(() => undefined), 1)).resolves.toBeUndefined();
  });

  it('throws what the end throws', async () => {
    await expect(patiently(Promise.reject(new Error('torn')), 2 ** 30)).rejects.toThrow('torn');
  });
});
