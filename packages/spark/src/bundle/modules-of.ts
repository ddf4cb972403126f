import type { CompiledPlan } from '@forkfold/core/engine';

/** The URLs of the modules that the functions of a plan come from, but for forkfold's own. */
export function modulesOf({ calls, functions }: CompiledPlan): string[] {
  const ofFunctions = functions.flatMap((fn) => (fn.kind === 'module' ? [fn.module] : []));
  const all = new Set([...calls.map(({ module }) => module), ...ofFunctions]);
  return [...all].filter((module) => !/^forkfold(-spark)?:/.test(module));
}
