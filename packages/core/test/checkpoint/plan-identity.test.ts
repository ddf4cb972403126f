import { expect, it } from '@jest/globals';
import { differences, type PlanIdentity } from '../../src/checkpoint/plan-identity.js';

const identity: PlanIdentity = {
  plan: '{}',
  functions: [
    { verb: 'map', text: 'f' },
    { verb: 'filter', text: 'g' },
  ],
  jobs: [{ module: 'file:///a.js', text: 'a' }],
  arguments: ['dataset', 'x'],
  files: [],
  items: [],
  options: {},
};

it.each<['jobs' | 'functions' | 'arguments', string]>([
  ['jobs', 'the number of jobs is 0, it was 1'],
  ['functions', 'the number of functions is 1, it was 2'],
  ['arguments', 'the number of arguments of jobs is 1, it was 2'],
])('finds that there are fewer %s, or more', (list, difference) => {
  const fewer: PlanIdentity = { ...identity, [list]: identity[list].slice(0, -1) };
  expect(differences(fewer, identity)).toEqual([difference]);
  expect(differences(identity, fewer)).toContain(
    difference.replace(/is (\d), it was (\d)/, 'is $2, it was $1'),
  );
  expect(differences(identity, identity)).toEqual([]);
});
