/** Where the children of a run spent their time, by the option `profile`. */
export interface ProfileReport {
  /** The merged profile, for the Performance panel of Chrome's developer tools, or any viewer of `.cpuprofile`. */
  readonly file: string;
  /** Children whose profiles are in it: those that ended by themselves. */
  readonly children: number;
  /** Seconds that they were not idle, all of them together. */
  readonly seconds: number;
  /** The ten functions that took most time by themselves, without what they call. */
  readonly top: readonly ProfiledFunction[];
}

/** A function in a profile. */
export interface ProfiledFunction {
  /** Its name; `(anonymous)`, or a name in brackets for what is no function, such as `(garbage collector)`. */
  readonly name: string;
  /** The URL of its script, with its line, or empty: `file:///app/job.js:12`. */
  readonly place: string;
  /** Seconds in it alone. */
  readonly seconds: number;
  /** Its part of all seconds, 0 to 1. */
  readonly share: number;
}

/** What the last lines of a run's progress say of it. */
export function profileWords({ file, children, seconds, top }: ProfileReport): string[] {
  const rows = top.map(
    ({ name, place, share }) =>
      `  ${`${Math.round(share * 100)} %`.padStart(5)}  ${name}${place && ` (${place})`}`,
  );
  return [`profile: ${file}, ${seconds.toFixed(1)} s of ${children} children, most of it in`, ...rows];
}
