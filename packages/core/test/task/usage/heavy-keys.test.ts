import { expect, it } from '@jest/globals';
import { HeavyKeys } from '../../../src/task/usage/heavy-keys.js';

it('counts the keys of few records exactly', () => {
  const keys = new HeavyKeys();
  for (const key of ['b', 'a', 'b', 7, { x: 1 }, 'b', 'a', 'tab\t']) keys.see(key);
  const { seen, heaviest } = keys.weights()!;
  expect(seen).toBe(8);
  expect(heaviest).toEqual([
    ['b', 3],
    ['a', 2],
    ['7', 1],
    ['{ x: 1 }', 1],
  ]);
});

it('finds a heavy key among many, whatever their rhythm', () => {
  for (const period of [2, 8, 32]) {
    const keys = new HeavyKeys();
    for (let i = 0; i < 200_000; i += 1) keys.see(i % period === 0 ? 'hot' : i);
    const { seen, heaviest } = keys.weights()!;
    expect(seen).toBeGreaterThan(199_900);
    expect(seen).toBeLessThanOrEqual(200_000);
    expect(heaviest[0]![0]).toBe('hot');
    expect(heaviest[0]![1] / seen).toBeGreaterThan(0.8 / period);
    expect(heaviest[0]![1] / seen).toBeLessThan(1.2 / period);
  }
});

it('adds up what several have found, and shortens long keys', () => {
  const all = new HeavyKeys();
  for (let task = 0; task < 3; task += 1) {
    const keys = new HeavyKeys();
    for (let i = 0; i < 10; i += 1) keys.see(i < 6 ? 'x'.repeat(1000) : `${task}-${i}`);
    all.merge(keys.weights()!);
  }
  const { seen, heaviest } = all.weights()!;
  expect([seen, heaviest[0]]).toEqual([30, ['x'.repeat(80), 18]]);
  expect(new HeavyKeys().weights()).toBeUndefined();
});
