/** What a package of this house resolves to in a test while there is no dist. */
throw new Error('build first: packages/*/dist is missing (npm run build)');
