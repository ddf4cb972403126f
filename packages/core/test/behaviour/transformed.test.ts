import { expect, it } from '@jest/globals';
import { program } from './harness.js';

type Results = Record<string, unknown>;

it('jobs and inline functions work that a loader or a coverage tool has transformed in the parent alone', async () => {
  const results = JSON.parse(await program('transformed/main.mjs')) as Record<'0' | '2', Results>;
  const all = { job: [20, 19], inline: [2, 2], folded: 4, loading: ['function', 'function'] };
  // In the parent they count for their module, and have its imports.
  expect(results[0]).toMatchObject({ ...all, counts: 8, importing: [19, 20] });
  expect(results[2]).toMatchObject({ ...all, counts: 0 });
  // A child says what the user wrote, and what helps.
  expect(results[2].importing).toMatch(
    /ReferenceError: `rates` \(which a transform calls `__vite_ssr_import_1__`\) is not visible in the child .*defineJob/,
  );
  expect(results[2].loadingOwn).toMatch(
    /`import\(\)` \(which a transform calls `__vite_ssr_dynamic_import__`\)/,
  );
});
