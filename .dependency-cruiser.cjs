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

const src = '^packages/core/src/';
const inRoom = (room) => (room.endsWith('.ts') ? `${src}${room.replace('.', '\\.')}$` : `${src}${room}/`);
const lazily = { dependencyTypesNot: ['type-only', 'type-import', 'dynamic-import'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms.slice(0, -1).map((room, i) => ({
      name: `${room}-imports-what-stands-before-it`,
      severity: 'error',
      from: { path: inRoom(room) },
      to: { path: rooms.slice(i + 1).map(inRoom) },
    })),
    {
      name: 'every-folder-is-a-room',
      severity: 'error',
      from: { path: src, pathNot: rooms.map(inRoom) },
      to: {},
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: { path: src },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer'] },
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
