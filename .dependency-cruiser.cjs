'use strict';

/** A folder imports only folders that stand before it; types and `import()` count. What stands alone is a file. */
const rooms = [
  'runtime.ts',
  'shared-state.ts',
  'errors.ts',
  'module-ref.ts',
  'timers.ts',
  'cancellation.ts',
  'loaded-once.ts',
  'counters.ts',
  'values',
  'checks',
  'disk',
  'source',
  'blocks',
  'fold',
  'plan',
  'shuffle',
  'protocol',
  'task',
  'child',
  'pool',
  'report',
  'options',
  'checkpoint',
  'output',
  'run',
  'api',
  'index.ts',
  'engine.ts',
];

/** The same for the package that runs plans on Spark. */
const sparkRooms = [
  'engine-error.ts',
  'spark-options.ts',
  'client',
  'sql',
  'cli',
  'ship',
  'doctor',
  'runner',
  'bundle',
  'engine',
  'spark.ts',
  'index.ts',
];

/** The same for the package that reads and writes Parquet files. */
const parquetRooms = [
  'parquet-options.ts',
  'write-options.ts',
  'read',
  'check-options.ts',
  'parquet.ts',
  'write',
  'write-parquet.ts',
  'index.ts',
];

/** The same for the package that makes the page of a run. */
const reportRooms = [
  'assets.d.ts',
  'markup.ts',
  'words.ts',
  'page-data.ts',
  'time-bars.ts',
  'bucket-bars.ts',
  'to-page-data.ts',
  'table.ts',
  'sections',
  'page.ts',
  'html-report.ts',
  'index.ts',
];

const src = '^packages/core/src/';
const sparkSrc = '^packages/spark/src/';
const parquetSrc = '^packages/parquet/src/';
const cliSrc = '^packages/cli/src/';
const reportSrc = '^packages/report/src/';
const roomOf = (folder) => (room) =>
  room.endsWith('.ts') ? `${folder}${room.replace('.', '\\.')}$` : `${folder}${room}/`;

/** What keeps the order of rooms. */
const inOrder = (what, folder, names) => [
  ...names.slice(0, -1).map((room, i) => ({
    name: `${what}${room}-imports-what-stands-before-it`,
    severity: 'error',
    from: { path: roomOf(folder)(room) },
    to: { path: names.slice(i + 1).map(roomOf(folder)) },
  })),
  {
    name: `every-${what}folder-is-a-room`,
    severity: 'error',
    from: { path: folder, pathNot: names.map(roomOf(folder)) },
    to: {},
  },
];

const lazily = { dependencyTypesNot: ['type-only', 'type-import', 'dynamic-import'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...inOrder('', src, rooms),
    ...inOrder('spark-', sparkSrc, sparkRooms),
    ...inOrder('parquet-', parquetSrc, parquetRooms),
    ...inOrder('report-', reportSrc, reportRooms),
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: { path: [src, sparkSrc, parquetSrc, cliSrc, reportSrc] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'other-packages-reach-core-by-its-names',
      severity: 'error',
      from: { path: [sparkSrc, parquetSrc, cliSrc] },
      to: { path: 'packages/core/(src|dist)/', pathNot: 'packages/core/dist/(index|engine)\\.(js|d\\.ts)$' },
    },
    {
      name: 'workerpool-is-wrapped',
      severity: 'error',
      from: { path: src, pathNot: `${src}(pool/child|child/entry)\\.ts$` },
      to: { path: 'node_modules/workerpool/' },
    },
    {
      name: 'a-child-loads-no-zod-and-importing-forkfold-neither',
      severity: 'error',
      from: { path: src },
      to: { path: 'node_modules/zod/', ...lazily },
    },
    {
      name: 'pools-and-runs-are-loaded-when-used',
      severity: 'error',
      from: { path: `${src}(api|options|index)` },
      to: { path: [`${src}pool/(process|inline)-pool\\.ts$`, `${src}run/`], ...lazily },
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
