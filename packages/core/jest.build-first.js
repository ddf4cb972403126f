/** What `@forkfold/core` resolves to in a test while there is no dist. */
throw new Error('build first: packages/core/dist is missing (npm run build)');
