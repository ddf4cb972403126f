'use strict';

const src = '^packages/core/src';

// Rules are about what is loaded at run time; a type costs a child nothing. Only `worker` keeps even its types to itself.
const types = ['type-only', 'type-import'];
const atRunTime = { dependencyTypesNot: types };

/** The folders of src that a child loads: they never import zod, pool/ or run/. */
const childSide = `${src}/(source|shuffle|transport|worker|dataset)/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'A cycle of modules is a design question. Types may refer to each other, and dataset/ reaches run/ by import() ' +
        'when a run is started (the rules on runs below say from where).',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: [...types, 'dynamic-import'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import must resolve, and to a declared dependency.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'What ships imports dependencies of packages/core/package.json only.',
      severity: 'error',
      from: { path: src },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'worker-stays-lean',
      comment: "The child's program: no zod, no pool, no run, no options, not even their types.",
      severity: 'error',
      from: { path: `${src}/worker/` },
      to: { path: [`${src}/(pool|run)/`, `${src}/options\\.ts$`, 'node_modules/zod/'] },
    },
    {
      name: 'child-side-stays-lean',
      comment:
        'What a child loads imports no zod and no pool. run/ is for runs-are-started-by-dataset. options.ts loads zod when ' +
        'it checks options, and dataset.ts has it check those of a stream, in the parent only.',
      severity: 'error',
      from: { path: childSide },
      to: { path: [`${src}/pool/`, 'node_modules/zod/'], ...atRunTime },
    },
    {
      name: 'options-are-checked-in-the-parent',
      comment: 'Of what a child loads, only dataset.ts knows the check of options.',
      severity: 'error',
      from: { path: childSide, pathNot: `${src}/dataset/dataset\\.ts$` },
      to: { path: `${src}/options\\.ts$`, ...atRunTime },
    },
    {
      name: 'transport-knows-errors-only',
      comment: 'What crosses the process boundary: transport/ and errors.ts.',
      severity: 'error',
      from: { path: `${src}/transport/` },
      to: { path: src, pathNot: [`${src}/transport/`, `${src}/errors\\.ts$`], ...atRunTime },
    },
    {
      name: 'source-direction',
      comment: 'source/ imports transport/, errors.ts and itself.',
      severity: 'error',
      from: { path: `${src}/source/` },
      to: { path: src, pathNot: [`${src}/(source|transport)/`, `${src}/errors\\.ts$`], ...atRunTime },
    },
    {
      name: 'shuffle-direction',
      comment: 'shuffle/ imports source/, transport/, errors.ts and itself.',
      severity: 'error',
      from: { path: `${src}/shuffle/` },
      to: { path: src, pathNot: [`${src}/(shuffle|source|transport)/`, `${src}/errors\\.ts$`], ...atRunTime },
    },
    {
      name: 'dataset-does-not-know-the-worker',
      comment: 'The description knows no execution: dataset/ never imports worker/.',
      severity: 'error',
      from: { path: `${src}/dataset/` },
      to: { path: `${src}/worker/`, ...atRunTime },
    },
    {
      name: 'runs-are-started-by-dataset',
      comment: 'Nothing but index.ts and dataset/ imports run/.',
      severity: 'error',
      from: { path: src, pathNot: [`${src}/(run|dataset)/`, `${src}/index\\.ts$`] },
      to: { path: `${src}/run/`, ...atRunTime },
    },
    {
      name: 'runs-are-loaded-when-started',
      comment:
        'A child loads dataset/ too: it reaches run/ by import() only, from plan.ts and dataset.ts only.',
      severity: 'error',
      from: { path: `${src}/dataset/` },
      to: { path: `${src}/run/`, dependencyTypesNot: [...types, 'dynamic-import'] },
    },
    {
      name: 'runs-are-started-in-two-files',
      comment: 'Of dataset/, only plan.ts and dataset.ts start a run.',
      severity: 'error',
      from: { path: `${src}/dataset/`, pathNot: `${src}/dataset/(plan|dataset)\\.ts$` },
      to: { path: `${src}/run/`, ...atRunTime },
    },
    {
      name: 'workerpool-is-wrapped',
      comment:
        'workerpool is known to child.ts of the process pool and to the program of the child, to nothing else.',
      severity: 'error',
      from: { path: src, pathNot: `${src}/(pool/child|worker/entry)\\.ts$` },
      to: { path: 'node_modules/workerpool/' },
    },
    {
      name: 'pools-are-loaded-when-used',
      comment: 'Importing forkfold loads no workerpool: pools are reached by import() only.',
      severity: 'error',
      from: { path: src, pathNot: `${src}/pool/(process|inline)-pool\\.ts$` },
      to: {
        path: `${src}/pool/(process|inline)-pool\\.ts$`,
        dependencyTypesNot: [...types, 'dynamic-import'],
      },
    },
    {
      name: 'zod-at-the-door',
      comment: 'zod checks options, in the parent.',
      severity: 'error',
      from: { path: src, pathNot: `${src}/(options|[a-z-]+-options)\\.ts$` },
      to: { path: 'node_modules/zod/', ...atRunTime },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
