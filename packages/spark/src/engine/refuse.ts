import { OptionError } from '@forkfold/core';
import type { Action, CutPlan, Settings, UncutPlan } from '@forkfold/core/engine';

/** What some options say has no meaning on a cluster, and is not left undone in silence. */
const LOCAL_OPTIONS: Partial<Record<keyof Settings, string>> = {
  checkpoint: 'Spark itself computes again what is lost, and a run that failed begins anew: run without it',
  pool: 'the executors are the processes: run without it',
  permissions: 'executors run under the rights that the cluster gives them: run without it',
  timeout: 'Spark ends no program for being slow (spark.speculation starts a second one): run without it',
  inspect: 'a debugger cannot reach an executor: run the plan on this machine, on a part of the input',
  profile: 'executors are not profiled: run the plan on this machine, on a part of the input',
  tasksPerProcess: 'a process on an executor ends with its Spark task: run without it',
  execArgv: 'executors start Node.js by their own: load what a flag would load in the job’s module',
};

/** @throws OptionError, before anything is sent, for what cannot run on Spark; it says why, and what helps. */
export function refuse(action: Action, settings: Settings): void {
  for (const [name, reason] of Object.entries(LOCAL_OPTIONS)) {
    const value = settings[name as keyof Settings];
    if (value === undefined || value === false) continue;
    throw new OptionError(`"${name}" cannot be used on Spark: ${reason}`, name);
  }
  if (action.callsBack) {
    throw new OptionError(
      'forEach cannot run on Spark, where its function would be called for all records in this process: write them ' +
        '(writeText, writeJsonLines), or iterate over stream() if they fit here',
      'forEach',
    );
  }
}

/** @throws OptionError for sources whose records come from this process, nobody knows how many. */
export function refuseLive(cut: CutPlan, { sources }: UncutPlan): void {
  for (const { number, cuts } of cut.stages) {
    for (const [branch, own] of cuts.entries()) {
      if (own === undefined || own.count !== undefined) continue;
      const name = sources[number]![branch]!.name;
      throw new OptionError(
        `${name} of a stream or an iterable cannot run on Spark, which is told all of the input before it starts: write ` +
          'it to a file that executors see, or make it an array first',
        name,
      );
    }
  }
}
