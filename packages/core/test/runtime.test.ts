import { expect, it } from '@jest/globals';
import { runtimeRefusal } from '../src/runtime.js';

const refusalOf = (versions: Record<string, string>): string | undefined =>
  runtimeRefusal(versions as NodeJS.ProcessVersions);

it.each(['20.19.0', '20.20.2', '22.0.0', '26.10.0'])('the package runs on Node.js %s', (node) => {
  expect(refusalOf({ node })).toBeUndefined();
});

it.each(['16.20.2', '18.20.8', '20.18.3'])('is refused in one sentence on Node.js %s', (node) => {
  expect(refusalOf({ node })).toBe(`@forkfold/core needs Node.js 20.19 or later, and this is ${node}`);
});

it('is refused on Bun, whatever Node.js that takes itself for', () => {
  expect(refusalOf({ node: '24.3.0', bun: '1.4.5' })).toMatch(
    /^@forkfold\/core does not run on Bun .*Node.js 20.19 or later/,
  );
});

it('runs on Deno', () => {
  expect(refusalOf({ node: '24.2.0', deno: '2.9.6' })).toBeUndefined();
});
