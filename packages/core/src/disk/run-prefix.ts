/** How the names of the directories of runs begin, under `tmpDir`; with `permissions`, children write to such ones only. */
export const RUN_PREFIX = 'forkfold-';
